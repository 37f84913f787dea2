// Certificates of closed days in a table, each with what it proved.
import { Table, type TableColumnsType } from 'antd';
import { Link } from 'wouter';
import { grouped } from '../form/amount';
import { useSpeech } from '../text/text';
import type { Certificate } from './questions';

export function CertificateRows({ rows, short = false }: { rows: Certificate[]; short?: boolean }) {
  const { say } = useSpeech();
  const count = (n: number) => grouped(String(n));
  const columns: TableColumnsType<Certificate> = [
    {
      title: say('day'),
      dataIndex: 'day',
      width: 110,
      render: (day: string) => (
        <Link href={`/day/certificates/${day}`} className="number">
          {day}
        </Link>
      ),
    },
    {
      title: say('entries_count'),
      align: 'right',
      className: 'number',
      render: (_, one) => count(one.entries),
    },
    { title: say('checks'), width: 120, render: (_, one) => <Passed certificate={one} /> },
  ];
  if (!short) {
    columns.splice(
      2,
      0,
      {
        title: say('lines_count'),
        align: 'right',
        className: 'number',
        render: (_, one) => count(one.lines),
      },
      {
        title: say('turnover'),
        align: 'right',
        className: 'number',
        render: (_, one) =>
          one.totals.map((total) => (
            <div key={total.unit}>
              {total.unit} {grouped(total.debit)}
            </div>
          )),
      },
      {
        title: say('blocks'),
        align: 'right',
        className: 'number',
        render: (_, one) => say('block_range', { first: one.first_seq, last: one.last_seq }),
      },
    );
  }
  return (
    <Table
      size="small"
      rowKey="day"
      dataSource={rows}
      columns={columns}
      pagination={false}
      locale={{ emptyText: say('no_certificates') }}
    />
  );
}

export function Passed({ certificate }: { certificate: Certificate }) {
  const { say } = useSpeech();
  const of = certificate.checks.length;
  const n = certificate.checks.filter((check) => check.passed).length;
  return (
    <span className={n === of ? 'word done' : 'word late'}>
      {n === of ? '✓ ' : '! '}
      {say('checks_passed', { n, of })}
    </span>
  );
}
