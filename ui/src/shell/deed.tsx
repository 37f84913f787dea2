// A dialog that does one thing at the bank: it asks for what the bank wants to know, and what the bank
// refuses of it stands at the field that it means.
import { Form, Modal } from 'antd';
import { useMemo, useState, type ReactNode } from 'react';
import { Keys, Refused } from '../api/client';
import { enterGoesOn } from '../form/enter';
import { useSpeech } from '../text/text';
import { Refusal } from './parts';
import { useShortcuts } from './shortcuts';

interface Props<T extends object> {
  title: string;
  /** What is about to happen. */
  about?: ReactNode;
  ok: string;
  /** Whether it is hard to undo. */
  danger?: boolean;
  initial?: Partial<T>;
  /** The key makes the same words, sent twice, count once. */
  send: (typed: T, key: string) => Promise<unknown>;
  close: () => void;
  /** Its fields, as items of a form. */
  children?: ReactNode;
}

export function Deed<T extends object>(props: Props<T>) {
  const { title, about, ok, danger = false, initial, send, close, children } = props;
  const { say, language } = useSpeech();
  const [form] = Form.useForm<T>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const keys = useMemo(() => new Keys(), []);
  const refused = (reason: unknown) => {
    const problem = reason instanceof Refused ? reason.problem : null;
    const field = problem?.field.split(/[[.]/)[0] ?? '';
    if (problem && field in (form.getFieldsValue() as object)) {
      form.setFields([{ name: field as never, errors: [problem[language]] }]);
    } else {
      setError(reason);
    }
  };
  const finish = async (typed: T) => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await send(typed, keys.for(typed));
      keys.taken();
      close();
    } catch (reason) {
      refused(reason);
      setBusy(false);
    }
  };
  useShortcuts({ 'Ctrl+Enter': () => form.submit() });
  return (
    <Modal
      open
      title={title}
      onCancel={close}
      onOk={() => form.submit()}
      okText={ok}
      cancelText={say('cancel')}
      okButtonProps={{ loading: busy, danger, autoFocus: !children }}
      width={460}
    >
      {about !== undefined && <div style={{ marginBottom: 12 }}>{about}</div>}
      <Refusal error={error} />
      <Form
        form={form}
        layout="vertical"
        onFinish={finish}
        onKeyDown={enterGoesOn}
        requiredMark={false}
        {...(initial ? { initialValues: initial } : {})}
      >
        {children}
      </Form>
    </Modal>
  );
}
