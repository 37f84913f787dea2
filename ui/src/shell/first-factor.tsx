// 启用动态码: a second factor, where the bank demands one. The secret is shown once, for the
// authenticator; it counts when its first code was right.
import { Button, Form, Input, QRCode, Typography } from 'antd';
import { useState } from 'react';
import { answered, bank, type Schemas } from '../api/client';
import { useSpeech } from '../text/text';
import { Refusal } from './parts';
import { useSession, useWindow } from './session';
import SignInForm, { type Proof } from './sign-in-form';

/** Dark on light in either light: not every telephone reads it the other way round. */
const PRINTED = { color: '#000', bgColor: '#fff' };

export default function FirstFactor() {
  const { say } = useSpeech();
  const { signOut, refresh } = useWindow();
  const session = useSession();
  const [offer, setOffer] = useState<Schemas['FactorOffer'] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const ask = async ({ password }: Proof) => {
    const body = { password };
    setOffer(await answered(bank.POST('/api/v1/session/second-factor', { body })));
  };
  const confirm = async (body: { code: string }) => {
    setError(null);
    try {
      await answered(bank.POST('/api/v1/session/second-factor/confirm', { body }));
      await refresh();
    } catch (refused) {
      setError(refused);
    }
  };
  return (
    <main className="entrance alone">
      <div className="entrance-card">
        <h1>{say('second_factor')}</h1>
        <p className="quiet">{say('must_set_factor')}</p>
        {offer ? (
          <Form layout="vertical" onFinish={confirm} requiredMark={false}>
            <Refusal error={error} />
            <p>{say('factor_secret')}</p>
            <QRCode
              type="svg"
              value={offer.url}
              aria-label={say('factor_picture')}
              className="factor-picture"
              {...PRINTED}
            />
            <Typography.Paragraph code copyable>
              {offer.secret}
            </Typography.Paragraph>
            <Form.Item name="code" label={say('one_time_code')} rules={[{ required: true }]}>
              <Input inputMode="numeric" maxLength={6} autoFocus />
            </Form.Item>
            <Button type="primary" htmlType="submit" block>
              {say('confirm')}
            </Button>
          </Form>
        ) : (
          <SignInForm operator={session.operator} submit={say('go_on')} prove={ask} />
        )}
        <Button type="link" block onClick={() => void signOut()}>
          {say('sign_out')}
        </Button>
      </div>
    </main>
  );
}
