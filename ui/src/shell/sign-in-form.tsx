// Number, password, and the code of a second factor when the bank asks for one. The same form opens
// the entrance, the door of an ended session, and signs the second person of a step.
import { Button, Form, Input, type InputRef } from 'antd';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Refused } from '../api/client';
import { useSpeech } from '../text/text';
import { Refusal } from './parts';

export interface Proof {
  operator: string;
  password: string;
  code?: string;
}

interface Props {
  /** Whose password it is, where that is settled. */
  operator?: string;
  submit: string;
  prove: (proof: Proof) => Promise<void>;
  children?: ReactNode;
  /** What was picked from a list of people. */
  picked?: { operator: string; password: string } | null;
}

export default function SignInForm({ operator, submit, prove, children, picked }: Props) {
  const { say } = useSpeech();
  const [form] = Form.useForm<Proof>();
  const [busy, setBusy] = useState(false);
  const [needsCode, setNeedsCode] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const first = useRef<InputRef>(null);

  useEffect(() => {
    first.current?.focus();
  }, []);
  useEffect(() => {
    if (picked) form.setFieldsValue(picked);
  }, [picked, form]);

  const finish = async (proof: Proof) => {
    setBusy(true);
    setError(null);
    try {
      await prove({ ...proof, operator: operator ?? proof.operator.trim() });
    } catch (refused) {
      const code = refused instanceof Refused ? refused.problem.code : '';
      if (code === 'SecondFactorNeeded') setNeedsCode(true);
      setError(refused);
    } finally {
      setBusy(false);
    }
  };

  const needed = [{ required: true, message: say('is_needed') }];
  return (
    <Form form={form} layout="vertical" onFinish={finish} requiredMark={false}>
      <Refusal error={error} />
      {operator === undefined && (
        <Form.Item name="operator" label={say('operator_number')} rules={needed}>
          <Input ref={first} autoComplete="username" size="large" />
        </Form.Item>
      )}
      <Form.Item name="password" label={say('password')} rules={needed}>
        <Input.Password
          ref={operator === undefined ? undefined : first}
          autoComplete="current-password"
          size="large"
        />
      </Form.Item>
      {needsCode && (
        <Form.Item name="code" label={say('one_time_code')} rules={needed}>
          <Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} size="large" autoFocus />
        </Form.Item>
      )}
      <Button type="primary" htmlType="submit" loading={busy} block size="large">
        {submit}
      </Button>
      {children}
    </Form>
  );
}
