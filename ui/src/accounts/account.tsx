// One account: what stands on it, what is held back of it, what the day moved.
import { useQuery } from '@tanstack/react-query';
import { Table } from 'antd';
import { news } from '../api/news';
import type { Schemas } from '../api/client';
import { questions } from '../api/questions';
import { capital, grouped } from '../form/amount';
import { useNames } from '../form/names';
import { Once, PageHead } from '../shell/parts';
import { useSpeech } from '../text/text';
import { AccountStatus } from './status';

type View = Schemas['AccountView'];

export default function Account({ number }: { number: string }) {
  const plain = decodeURIComponent(number);
  const account = useQuery({ ...questions.account(plain), ...news });
  return <Once of={account}>{(known) => <Whole account={known} />}</Once>;
}

function Whole({ account }: { account: View }) {
  const { say } = useSpeech();
  const names = useNames();
  const side = say(account.side === 'debit' ? 'debit' : 'credit');
  const facts: [string, string][] = [
    [say('account_kind'), names.accountKind(account.kind)],
    [say('subject'), account.subject],
    [say('institution'), `${account.institution} ${names.institution(account.institution)}`],
    [say('opened_on'), account.opened],
    [say('unit'), account.unit],
  ];
  if (account.term) {
    facts.push(
      [say('term_from'), account.term.from],
      [say('maturity'), account.term.maturity],
      [say('rate'), account.term.rate],
    );
  }
  return (
    <>
      <PageHead title={account.name}>
        <span className="number quiet">{account.number}</span>
        <AccountStatus status={account.status} />
      </PageHead>
      <div className="panel balances">
        <Sum title={`${say('balance')} ${side}`} amount={account.balance} large />
        <Sum title={say('available')} amount={account.available} />
        <Sum title={say('held')} amount={account.held} />
        <Sum title={say('day_debit')} amount={account.day_debit} />
        <Sum title={say('day_credit')} amount={account.day_credit} />
        {account.unit === 'CNY' && (
          <div className="quiet" style={{ gridColumn: '1 / -1' }}>
            {capital(account.balance)}
          </div>
        )}
      </div>
      <section className="panel">
        <h2>{say('facts')}</h2>
        <dl className="values">
          {facts.map(([title, text]) => (
            <div key={title}>
              <dt>{title}</dt>
              <dd className="number">{text}</dd>
            </div>
          ))}
        </dl>
      </section>
      <Holds holds={account.holds} />
    </>
  );
}

function Sum({ title, amount, large }: { title: string; amount: string; large?: boolean }) {
  return (
    <div>
      <div className="quiet">{title}</div>
      <div className="number" style={{ fontSize: large ? 22 : 16, fontWeight: 600 }}>
        {grouped(amount)}
      </div>
    </div>
  );
}

function Holds({ holds }: { holds: View['holds'] }) {
  const { say } = useSpeech();
  return (
    <section className="panel">
      <h2>{say('holds')}</h2>
      <Table
        size="small"
        rowKey="hold"
        dataSource={holds}
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
        ]}
      />
    </section>
  );
}
