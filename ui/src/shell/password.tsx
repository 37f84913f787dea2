// 修改密码: because the bank demands it, or because one likes to.
import { App, Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { Refused, answered, bank } from '../api/client';
import { useSpeech } from '../text/text';
import { Refusal } from './parts';
import { useWindow } from './session';

interface Words {
  old: string;
  new: string;
  again: string;
  code?: string;
}

function PasswordForm({ changed }: { changed: () => void }) {
  const { say } = useSpeech();
  const { message } = App.useApp();
  const { refresh } = useWindow();
  const [busy, setBusy] = useState(false);
  const [needsCode, setNeedsCode] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const needed = { required: true, message: say('is_needed') };
  const finish = async ({ old, new: chosen, code }: Words) => {
    setBusy(true);
    setError(null);
    const words = { old, new: chosen };
    const body = code === undefined ? words : { ...words, code };
    try {
      await answered(bank.POST('/api/v1/session/password', { body }));
      void message.success(say('password_changed'));
      changed();
      await refresh();
    } catch (refused) {
      if (refused instanceof Refused && refused.problem.code === 'SecondFactorNeeded') {
        setNeedsCode(true);
      }
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Form layout="vertical" requiredMark={false} onFinish={finish}>
      <Refusal error={error} />
      <Form.Item name="old" label={say('old_password')} rules={[needed]}>
        <Input.Password autoComplete="current-password" autoFocus />
      </Form.Item>
      <Form.Item name="new" label={say('new_password')} rules={[needed]}>
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="again"
        label={say('new_password_again')}
        dependencies={['new']}
        rules={[
          needed,
          ({ getFieldValue }) => ({
            validator: (_, value) =>
              value === getFieldValue('new')
                ? Promise.resolve()
                : Promise.reject(new Error(say('passwords_differ'))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      {needsCode && (
        <Form.Item name="code" label={say('one_time_code')} rules={[needed]}>
          <Input inputMode="numeric" maxLength={6} />
        </Form.Item>
      )}
      <Button type="primary" htmlType="submit" block loading={busy}>
        {say('change_password')}
      </Button>
    </Form>
  );
}

/** The bank lets nobody in before this is done. */
export default function ForcedPassword() {
  const { say } = useSpeech();
  const { signOut } = useWindow();
  return (
    <main className="entrance alone">
      <div className="entrance-card">
        <h1>{say('change_password')}</h1>
        <p className="quiet">{say('must_change_password')}</p>
        <PasswordForm changed={() => undefined} />
        <Button type="link" block onClick={() => void signOut()}>
          {say('sign_out')}
        </Button>
      </div>
    </main>
  );
}

export function PasswordDialog({ open, close }: { open: boolean; close: () => void }) {
  const { say } = useSpeech();
  return (
    <Modal open={open} onCancel={close} footer={null} width={380} destroyOnHidden title={say('change_password')}>
      <PasswordForm changed={close} />
    </Modal>
  );
}
