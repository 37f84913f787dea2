// One account: what stands on it, what is held back of it, what moved it, and what one may do with it.
import { useQuery } from '@tanstack/react-query';
import { Tabs } from 'antd';
import { useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { news } from '../api/news';
import type { Schemas } from '../api/client';
import { questions } from '../api/questions';
import { capital, grouped } from '../form/amount';
import { useNames } from '../form/names';
import { Once, PageHead } from '../shell/parts';
import { may, useSession } from '../shell/session';
import { useSpeech } from '../text/text';
import { AccountDeeds } from './deeds';
import { Holds } from './holds';
import { Lines } from './lines';
import { Statement } from './statement';
import { AccountStatus } from './status';

type View = Schemas['AccountView'];

export default function Account({ number }: { number: string }) {
  const plain = decodeURIComponent(number);
  const account = useQuery({ ...questions.account(plain), ...news });
  return <Once of={account}>{(known) => <Whole account={known} />}</Once>;
}

function Whole({ account }: { account: View }) {
  const { say } = useSpeech();
  const session = useSession();
  const [at, go] = useLocation();
  const search = useSearch();
  const asked = useMemo(() => Object.fromEntries(new URLSearchParams(search)), [search]);
  const put = (part: Record<string, string>) => {
    const next = Object.entries({ ...asked, ...part }).filter(([, value]) => value);
    go(`${at}?${new URLSearchParams(next).toString()}`);
  };
  const { from = '', to = '', cursor = '' } = asked;
  const days = { number: account.number, from, to, put };
  const views = [
    { key: 'facts', label: say('account_facts'), children: <Facts account={account} /> },
    ...(may(session, 'entries.read')
      ? [{ key: 'lines', label: say('account_lines'), children: <Lines {...days} cursor={cursor} /> }]
      : []),
    ...(may(session, 'statements.read')
      ? [{ key: 'statement', label: say('statement'), children: <Statement {...days} /> }]
      : []),
  ];
  const view = views.some((one) => one.key === asked.view) ? asked.view : 'facts';
  return (
    <>
      <PageHead title={account.name}>
        <span className="number quiet">{account.number}</span>
        <AccountStatus status={account.status} />
        <span className="spring" />
        <AccountDeeds account={account} />
      </PageHead>
      <div className="screen-only">
        <Balances account={account} />
      </div>
      <Tabs
        aria-label={say('account_view')}
        activeKey={view ?? 'facts'}
        onChange={(next) => put({ view: next, cursor: '' })}
        items={views}
        destroyOnHidden
        className="account-views"
      />
    </>
  );
}

function Balances({ account }: { account: View }) {
  const { say } = useSpeech();
  const side = say(account.side === 'debit' ? 'debit' : 'credit');
  return (
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

function Facts({ account }: { account: View }) {
  const { say } = useSpeech();
  const names = useNames();
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
      <Holds account={account} />
    </>
  );
}
