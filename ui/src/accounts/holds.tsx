// 止付与冻结: what is held back of an account, placing it and releasing it.
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, DatePicker, Form, Input, Radio, Table } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { answered, bank, type Schemas } from '../api/client';
import { grouped } from '../form/amount';
import { MoneyField } from '../form/plain-fields';
import { Deed } from '../shell/deed';
import { DAY, TYPED } from '../shell/period';
import { may, useSession } from '../shell/session';
import { useSpeech } from '../text/text';

type View = Schemas['AccountView'];
type Hold = Schemas['HoldView'];

export function Holds({ account }: { account: View }) {
  const { say } = useSpeech();
  const session = useSession();
  const [chosen, setChosen] = useState<Hold | 'new' | null>(null);
  const releases = may(session, 'holds.release');
  const close = () => setChosen(null);
  return (
    <section className="panel" aria-labelledby="holds">
      <h2 id="holds" style={{ display: 'flex', justifyContent: 'space-between' }}>
        {say('holds')}
        {may(session, 'holds.place') && account.status !== 'closed' && (
          <Button size="small" onClick={() => setChosen('new')}>
            {say('place_hold')}
          </Button>
        )}
      </h2>
      <Table
        size="small"
        rowKey="hold"
        dataSource={account.holds}
        pagination={false}
        locale={{ emptyText: say('no_holds') }}
        columns={[
          { title: say('number'), dataIndex: 'hold', width: 80 },
          {
            title: say('kind'),
            width: 100,
            render: (_, one) => say(one.kind === 'freeze' ? 'freeze' : 'reserve'),
          },
          {
            title: say('amount'),
            width: 160,
            className: 'number',
            align: 'right',
            render: (_, one) => grouped(one.amount),
          },
          { title: say('authority'), dataIndex: 'authority' },
          { title: say('document'), dataIndex: 'document' },
          { title: say('until'), dataIndex: 'until', width: 120, className: 'number' },
          ...(releases
            ? [
                {
                  title: say('actions'),
                  width: 90,
                  render: (_: unknown, one: Hold) => (
                    <Button
                      size="small"
                      aria-label={`${say('release')} ${one.hold}`}
                      onClick={() => setChosen(one)}
                    >
                      {say('release')}
                    </Button>
                  ),
                },
              ]
            : []),
        ]}
      />
      {chosen === 'new' && <PlaceHold account={account} close={close} />}
      {chosen !== null && chosen !== 'new' && (
        <ReleaseHold account={account} hold={chosen} close={close} />
      )}
    </section>
  );
}

interface Placed {
  kind: string;
  amount: string;
  authority: string;
  document: string;
  until?: Dayjs | null;
}

function PlaceHold({ account, close }: { account: View; close: () => void }) {
  const { say } = useSpeech();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const needed = [{ required: true, message: say('is_needed') }];
  const send = async ({ until, ...rest }: Placed, key: string) => {
    const params = { path: { number: account.number }, header: { 'Idempotency-Key': key } };
    const body = { ...rest, until: until ? until.format(DAY) : null };
    const { hold } = await answered(bank.POST('/api/v1/accounts/{number}/holds', { params, body }));
    void message.success(say('hold_placed', { n: hold }));
    await queries.invalidateQueries({ queryKey: ['account', account.number] });
  };
  return (
    <Deed<Placed>
      title={`${say('place_hold')} · ${account.name}`}
      about={`${say('available')} ${account.unit} ${grouped(account.available)}`}
      ok={say('place_hold')}
      danger
      initial={{ kind: 'reserve' }}
      send={send}
      close={close}
    >
      <Form.Item name="kind" label={say('hold_kind')}>
        <Radio.Group
          options={[
            { value: 'reserve', label: say('hold_reserve') },
            { value: 'freeze', label: say('hold_freeze') },
          ]}
        />
      </Form.Item>
      <Form.Item name="amount" label={say('amount')} rules={needed}>
        <AmountField unit={account.unit} />
      </Form.Item>
      <Form.Item name="authority" label={say('hold_authority')} rules={needed}>
        <Input />
      </Form.Item>
      <Form.Item name="document" label={say('hold_document')} rules={needed}>
        <Input />
      </Form.Item>
      <Form.Item name="until" label={say('hold_until')}>
        <DatePicker format={TYPED} style={{ width: '100%' }} />
      </Form.Item>
    </Deed>
  );
}

interface AmountProps {
  id?: string;
  value?: string;
  onChange?: (value: string | undefined) => void;
  unit: string;
}

const NAMELESS = { zh: '', en: '' };

function AmountField({ unit, ...control }: AmountProps) {
  const plain = { name: 'amount', type: 'money', title: NAMELESS, help: NAMELESS };
  return <MoneyField {...control} field={{ ...plain, unit, computed: false, optional: false }} />;
}

interface Released {
  amount?: string;
  reason: string;
}

function ReleaseHold({ account, hold, close }: { account: View; hold: Hold; close: () => void }) {
  const { say } = useSpeech();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const send = async ({ amount, reason }: Released, key: string) => {
    const params = { path: { hold: hold.hold }, header: { 'Idempotency-Key': key } };
    const body = { amount: amount ?? null, reason };
    await answered(bank.POST('/api/v1/holds/{hold}/release', { params, body }));
    void message.success(say('hold_released', { n: hold.hold }));
    await queries.invalidateQueries({ queryKey: ['account', account.number] });
  };
  return (
    <Deed<Released>
      title={`${say('release_hold')} · ${say('number')} ${hold.hold}`}
      about={`${say('amount')} ${account.unit} ${grouped(hold.amount)} · ${hold.authority}`}
      ok={say('release')}
      send={send}
      close={close}
    >
      <Form.Item name="amount" label={say('release_amount')}>
        <AmountField unit={account.unit} />
      </Form.Item>
      <Form.Item
        name="reason"
        label={say('reason')}
        rules={[{ required: true, message: say('is_needed') }]}
      >
        <Input />
      </Form.Item>
    </Deed>
  );
}
