// 明细: lines of the account, the newest first, page by page, each with who stood on the other side.
import { useQuery } from '@tanstack/react-query';
import { Table, type TableColumnsType } from 'antd';
import { Link } from 'wouter';
import { answered, bank, type Schemas } from '../api/client';
import { grouped } from '../form/amount';
import { Once, PageTurner } from '../shell/parts';
import { Period } from '../shell/period';
import { useSpeech } from '../text/text';
import { accountAt } from './address';

type Line = Schemas['AccountLineView'];

const PAGE = 50;

interface Props {
  number: string;
  from: string;
  to: string;
  cursor: string;
  put: (part: Record<string, string>) => void;
}

export function Lines({ number, from, to, cursor, put }: Props) {
  const { say } = useSpeech();
  const query = {
    limit: PAGE,
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(cursor ? { cursor } : {}),
  };
  const page = useQuery({
    queryKey: ['account', number, 'lines', query],
    queryFn: () =>
      answered(
        bank.GET('/api/v1/accounts/{number}/entries', { params: { path: { number }, query } }),
      ),
    retry: false,
  });
  return (
    <section className="panel" aria-label={say('account_lines')}>
      <div className="filters screen-only">
        <Period
          label={say('period')}
          from={from}
          to={to}
          put={(days) => put({ ...days, cursor: '' })}
        />
      </div>
      <Once of={page}>
        {({ lines, cursor: next }) => (
          <>
            <Rows lines={lines} />
            <PageTurner
              shown={lines.length}
              isFirst={!cursor}
              next={next}
              turn={(to) => put({ cursor: to })}
            />
          </>
        )}
      </Once>
    </section>
  );
}

function Rows({ lines }: { lines: Line[] }) {
  const { say } = useSpeech();
  const money = { align: 'right', className: 'number', width: 140 } as const;
  const columns: TableColumnsType<Line> = [
    { title: say('day'), dataIndex: 'day', width: 104, className: 'number' },
    {
      title: say('voucher'),
      width: 96,
      render: (_, { entry }) => (
        <Link href={`/entries/${entry}`} className="number">
          #{entry}
        </Link>
      ),
    },
    { title: say('summary'), dataIndex: 'summary', ellipsis: true },
    { title: say('debit_amount'), ...money, render: (_, one) => grouped(one.debit ?? '') },
    { title: say('credit_amount'), ...money, render: (_, one) => grouped(one.credit ?? '') },
    {
      title: say('balance_after'),
      ...money,
      width: 170,
      render: (_, one) =>
        `${say(one.side === 'debit' ? 'debit' : 'credit')} ${grouped(one.balance)}`,
    },
    {
      title: say('counterparty'),
      width: 250,
      ellipsis: true,
      render: (_, { counterparty: other }) =>
        other && (
          <Link href={accountAt(other.number)}>
            <span className="number">{other.number}</span> {other.name}
          </Link>
        ),
    },
  ];
  return (
    <Table
      size="small"
      rowKey={(one) => `${one.entry}.${one.line}`}
      columns={columns}
      dataSource={lines}
      pagination={false}
      scroll={{ x: 1000 }}
      locale={{ emptyText: say('no_lines') }}
    />
  );
}
