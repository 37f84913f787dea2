// The form of a step: the fields that it asks for, a remark, who else signs. What is typed is kept in
// the browser until the bank has taken it; what the bank refuses is said at the field it means.
import { Alert, Button, Form, Input } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Keys, Refused, type Schemas } from '../api/client';
import { enterGoesOn } from '../form/enter';
import { fieldAt, isWide, sent, type Field, type Values } from '../form/field';
import { kept } from '../form/kept';
import { Widget } from '../form/widget';
import { Refusal } from '../shell/parts';
import { useShortcuts } from '../shell/shortcuts';
import { useSpeech } from '../text/text';
import { PreviewPanel, type Preview } from './preview';
import { SecondPersons, type Ticket } from './second-person';

export interface Filled {
  fields: Values;
  note: string;
  with: string[];
}

interface Props {
  fields: readonly Field[];
  initial: Values;
  /** Under which name what is typed is kept. */
  keptAs: string;
  signs: { matter: number } | { kind: string };
  /** Whether more than one person must sign. */
  several: boolean;
  submit: string;
  remarks: boolean;
  send: (filled: Filled, key: string) => Promise<void>;
  save?: (fields: Values, key: string) => Promise<void>;
  /** What sending it would do. */
  preview: (filled: Filled) => Promise<Preview>;
  /** The rulebook's own words beside a field. */
  rules?: Schemas['KindView'];
}

const NOTE = '@note';

export function StepForm(props: Props) {
  const { fields, initial, keptAs, signs, several, submit, remarks, send, save, preview } = props;
  const { say, language } = useSpeech();
  const [form] = Form.useForm<Values>();
  const found = useMemo(() => kept.read(keptAs), [keptAs]);
  const [restored, setRestored] = useState(found !== null);
  const [busy, setBusy] = useState<'send' | 'try' | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [seen, setSeen] = useState<Preview | null>(null);
  const [tickets, setTickets] = useState<Ticket[]>([]);
  const keys = useRef(new Keys());
  const values = () => form.getFieldsValue(true) as Values;

  const refused = (reason: unknown) => {
    const problem = reason instanceof Refused ? reason.problem : null;
    const at = problem ? fieldAt(fields, problem.field) : null;
    if (problem && at !== null) {
      form.setFields([{ name: at, errors: [problem[language]] }]);
      form.scrollToField(at, { block: 'center', focus: true });
    } else {
      setError(reason);
    }
    // A ticket is good once: whoever signed does it again after they have read what was wrong.
    if (problem?.field.startsWith('with')) setTickets([]);
  };

  const attempt = async (what: 'send' | 'try', deed: () => Promise<void>) => {
    if (busy) return;
    setBusy(what);
    setError(null);
    setSeen(null);
    form.setFields(fields.map((field) => ({ name: field.name, errors: [] })));
    try {
      await deed();
    } catch (reason) {
      refused(reason);
    } finally {
      setBusy(null);
    }
  };
  const run = (deed: (key: string) => Promise<void>, words: unknown) =>
    attempt('send', async () => {
      await deed(keys.current.for(words));
      keys.current.taken();
      kept.forget(keptAs);
    });

  const filled = (): Filled => {
    const typed = values();
    const note = typeof typed[NOTE] === 'string' ? typed[NOTE] : '';
    return { fields: sent(fields, typed), note, with: tickets.map((one) => one.ticket) };
  };
  const finish = () => {
    const all = filled();
    return run((key) => send(all, key), all);
  };
  const tryOut = () => attempt('try', async () => setSeen(await preview(filled())));
  const store = () => {
    const draft = sent(fields, values());
    return run((key) => save?.(draft, key) ?? Promise.resolve(), { draft });
  };
  useShortcuts({
    'Ctrl+Enter': () => form.submit(),
    'Ctrl+Shift+Enter': () => void tryOut(),
    ...(save ? { 'Ctrl+S': () => void store() } : {}),
  });
  useEffect(() => {
    if (found) form.setFieldsValue(found);
  }, [found, form]);

  const forget = () => {
    kept.forget(keptAs);
    form.resetFields();
    setRestored(false);
  };
  return (
    <Form
      form={form}
      layout="vertical"
      initialValues={initial}
      onFinish={finish}
      onKeyDown={enterGoesOn}
      onValuesChange={() => {
        kept.write(keptAs, values());
        setSeen(null);
      }}
      scrollToFirstError={{ block: 'center', focus: true }}
    >
      {restored && <Restored forget={forget} />}
      <Refusal error={error} />
      <div className="form-grid">
        {fields.map((field) => (
          <FieldItem key={field.name} field={field} />
        ))}
        {remarks && (
          <Form.Item name={NOTE} label={say('remark')}>
            <Input.TextArea autoSize={{ minRows: 1, maxRows: 4 }} />
          </Form.Item>
        )}
      </div>
      <div className="bar">
        <Button type="primary" htmlType="submit" loading={busy === 'send'} disabled={busy === 'try'} data-send="">
          {submit}
        </Button>
        {save && (
          <Button disabled={busy !== null} onClick={() => void store()}>
            {say('save_draft')}
          </Button>
        )}
        <Button disabled={busy !== null} title="Ctrl Shift Enter" onClick={() => void tryOut()}>
          {say('try_out')}
        </Button>
        {several && <SecondPersons of={signs} tickets={tickets} change={setTickets} />}
        <span className="quiet">
          <kbd>Ctrl Enter</kbd> {submit}
        </span>
      </div>
      {seen && <PreviewPanel seen={seen} />}
    </Form>
  );
}

function Restored({ forget }: { forget: () => void }) {
  const { say } = useSpeech();
  return (
    <Alert
      type="info"
      showIcon
      style={{ marginBottom: 12 }}
      title={say('restored')}
      action={
        <Button size="small" onClick={forget}>
          {say('start_over')}
        </Button>
      }
    />
  );
}

function FieldItem({ field }: { field: Field }) {
  const { say, name } = useSpeech();
  const help = name(field.help);
  const like = field.type === 'thing' ? say('thing_hint') : '';
  return (
    <Form.Item
      name={field.name}
      label={name(field.title)}
      className={isWide(field) ? 'wide' : ''}
      extra={[help, like].filter(Boolean).join(' ') || undefined}
      rules={field.optional ? [] : [{ required: true, message: say('is_needed') }]}
    >
      <Widget field={field} />
    </Form.Item>
  );
}
