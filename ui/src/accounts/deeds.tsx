// 变更状态与销户: only for whose posts may, and while the account lives.
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { answered, bank, type Schemas } from '../api/client';
import { AccountPicker } from '../form/pickers';
import { useChoices } from '../form/names';
import { Deed } from '../shell/deed';
import { may, useSession } from '../shell/session';
import { useSpeech } from '../text/text';
import { STATUSES, statusTitle } from './words';

type View = Schemas['AccountView'];

interface Props {
  account: View;
  close: () => void;
}

export function AccountDeeds({ account }: { account: View }) {
  const { say } = useSpeech();
  const session = useSession();
  const [dialog, setDialog] = useState<'status' | 'close' | null>(null);
  const close = () => setDialog(null);
  if (account.status === 'closed' || !may(session, 'accounts.change')) return null;
  return (
    <span className="bar">
      <Button onClick={() => setDialog('status')}>{say('change_status')}</Button>
      <Button onClick={() => setDialog('close')}>{say('close_account')}</Button>
      {dialog === 'status' && <ChangeStatus account={account} close={close} />}
      {dialog === 'close' && <CloseAccount account={account} close={close} />}
    </span>
  );
}

interface Change {
  status: string;
  reason: string;
  document?: string;
}

function ChangeStatus({ account, close }: Props) {
  const { say } = useSpeech();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const needed = [{ required: true, message: say('is_needed') }];
  const send = async ({ status, reason, document }: Change) => {
    const params = { path: { number: account.number } };
    const body = { status, reason, document: document ?? '' };
    await answered(bank.PUT('/api/v1/accounts/{number}/status', { params, body }));
    void message.success(say('status_changed'));
    await queries.invalidateQueries({ queryKey: ['account', account.number] });
  };
  // Closing settles interest and pays out: it is a deed of its own.
  const others = STATUSES.filter((one) => one !== 'closed' && one !== account.status);
  return (
    <Deed<Change>
      title={`${say('change_status')} · ${account.name}`}
      ok={say('change_status')}
      send={send}
      close={close}
    >
      <Form.Item name="status" label={say('new_status')} rules={needed}>
        <Select
          autoFocus
          options={others.map((one) => ({ value: one, label: say(statusTitle(one) ?? 'status') }))}
        />
      </Form.Item>
      <Form.Item name="reason" label={say('reason')} rules={needed}>
        <Input />
      </Form.Item>
      <Form.Item name="document" label={say('document')}>
        <Input />
      </Form.Item>
    </Deed>
  );
}

interface Closing {
  to: string;
  checker?: string;
}

const NAMELESS = { zh: '', en: '' };
const TARGET = {
  name: 'to',
  type: 'account',
  title: NAMELESS,
  help: NAMELESS,
  computed: false,
  optional: false,
};

function CloseAccount({ account, close }: Props) {
  const { say } = useSpeech();
  const { message } = App.useApp();
  const { operators } = useChoices();
  const queries = useQueryClient();
  const send = async ({ to, checker }: Closing, key: string) => {
    const params = { path: { number: account.number }, header: { 'Idempotency-Key': key } };
    const body = { to, checker: checker ?? '' };
    await answered(bank.POST('/api/v1/accounts/{number}/close', { params, body }));
    void message.success(say('account_closed'));
    await queries.invalidateQueries({ queryKey: ['account', account.number] });
  };
  return (
    <Deed<Closing>
      title={`${say('close_account')} · ${account.name}`}
      about={say('close_account_about')}
      ok={say('close_account')}
      danger
      send={send}
      close={close}
    >
      <Form.Item
        name="to"
        label={say('pays_to')}
        rules={[{ required: true, message: say('is_needed') }]}
      >
        <AccountPicker field={TARGET} />
      </Form.Item>
      <Form.Item name="checker" label={say('seen_by')}>
        <Select
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          options={operators.map((one) => ({
            value: one.operator,
            label: `${one.name} ${one.operator}`,
          }))}
        />
      </Form.Item>
    </Deed>
  );
}
