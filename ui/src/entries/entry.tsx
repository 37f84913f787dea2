// 凭证: one entry with its lines, as it is read and printed.
import { PrinterOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { Link } from 'wouter';
import { accountAt } from '../accounts/address';
import type { Schemas } from '../api/client';
import { questions } from '../api/questions';
import { fromMinor, grouped, minor } from '../form/amount';
import { useNames } from '../form/names';
import { Once, PageHead } from '../shell/parts';
import { may, useSession } from '../shell/session';
import { useSpeech } from '../text/text';

type View = Schemas['EntryView'];

export default function Entry({ entry }: { entry: number }) {
  const { say } = useSpeech();
  const found = useQuery(questions.entry(entry));
  return (
    <>
      <PageHead title={say('entry_n', { n: entry })}>
        <span className="spring" />
        <Button icon={<PrinterOutlined />} onClick={() => window.print()}>
          {say('print')}
        </Button>
      </PageHead>
      <Once of={found}>{(known) => <Voucher entry={known} />}</Once>
    </>
  );
}

function Voucher({ entry }: { entry: View }) {
  const { say, name } = useSpeech();
  const session = useSession();
  const names = useNames();
  const facts: [string, string][] = [
    [say('institution'), `${entry.institution} ${names.institution(entry.institution)}`],
    [say('business_date'), entry.business_date],
    [say('value_date'), entry.value_date],
    [say('code'), entry.code],
    [say('maker'), names.operator(entry.maker)],
    [say('checker'), names.operator(entry.checker)],
    [say('authoriser'), names.operator(entry.authoriser)],
    [say('document'), entry.document],
    [say('summary'), entry.summary],
    [say('attachments'), String(entry.attachments)],
  ];
  return (
    <div className="panel paper-too">
      <h2 className="print-only">
        {name({ zh: session.bank_zh, en: session.bank_en })} {say('voucher')} #{entry.entry}
      </h2>
      <dl className="values">
        {facts
          .filter(([, text]) => text !== '')
          .map(([title, text]) => (
            <div key={title}>
              <dt>{title}</dt>
              <dd>{text}</dd>
            </div>
          ))}
      </dl>
      <MadeBy entry={entry} />
      <Lines lines={entry.lines} />
    </div>
  );
}

/** An entry whose code is that of a matter bears the number of the matter that made it. */
function MadeBy({ entry }: { entry: View }) {
  const { say, name } = useSpeech();
  const { data: kinds } = useQuery(questions.kinds);
  const kind = kinds?.find((one) => one.code === entry.code);
  if (!kind || entry.document === '') return null;
  return (
    <p className="screen-only" style={{ margin: '10px 0 0' }}>
      <span className="quiet">{say('made_by_matter')}</span>{' '}
      <Link href={`/matters/of/${encodeURIComponent(entry.document)}`}>
        {name(kind.title)} <span className="number">{entry.document}</span>
      </Link>
    </p>
  );
}

function Lines({ lines }: { lines: View['lines'] }) {
  const { say } = useSpeech();
  const session = useSession();
  const sums = new Map<string, { debit: bigint; credit: bigint }>();
  for (const line of lines) {
    const sum = sums.get(line.unit) ?? { debit: 0n, credit: 0n };
    sum[line.side] += minor(line.amount, 2) * (line.red ? -1n : 1n);
    sums.set(line.unit, sum);
  }
  const figure = (line: View['lines'][number], side: 'debit' | 'credit') =>
    line.side === side ? (
      <span style={line.red ? { color: 'var(--late)' } : undefined}>
        {line.red && `${say('red')} `}
        {grouped(line.amount)}
      </span>
    ) : null;
  return (
    <table className="grid figures" style={{ marginTop: 16 }}>
      <thead>
        <tr>
          <th>{say('account')}</th>
          <th>{say('account_name')}</th>
          <th>{say('subject')}</th>
          <th>{say('unit')}</th>
          <th className="figure">{say('debit_amount')}</th>
          <th className="figure">{say('credit_amount')}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line, at) => (
          <tr key={at}>
            <td className="still number">
              {may(session, 'accounts.read') ? (
                <Link href={accountAt(line.account)}>{line.account}</Link>
              ) : (
                line.account
              )}
            </td>
            <td className="still">{line.name}</td>
            <td className="still">{line.subject}</td>
            <td className="still">{line.unit}</td>
            <td className="still figure">{figure(line, 'debit')}</td>
            <td className="still figure">{figure(line, 'credit')}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        {[...sums.entries()].map(([unit, sum]) => (
          <tr key={unit}>
            <td colSpan={3}>{say('total')}</td>
            <td>{unit}</td>
            <td className="figure">{grouped(fromMinor(sum.debit, 2))}</td>
            <td className="figure">{grouped(fromMinor(sum.credit, 2))}</td>
          </tr>
        ))}
      </tfoot>
    </table>
  );
}
