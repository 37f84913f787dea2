// 分录: lines of an entry, debit and credit side by side, with what they come to.
import { Link } from 'wouter';
import { accountAt } from '../accounts/address';
import type { Schemas } from '../api/client';
import { added, grouped } from '../form/amount';
import { may, useSession } from '../shell/session';
import { useSpeech } from '../text/text';

type Line = Schemas['LineView'];

export function EntryLines({ lines }: { lines: readonly Line[] }) {
  const { say } = useSpeech();
  const session = useSession();
  const sums = new Map<string, { debit: string[]; credit: string[] }>();
  for (const line of lines) {
    const sum = sums.get(line.unit) ?? { debit: [], credit: [] };
    sum[line.side].push(line.red ? `-${line.amount}` : line.amount);
    sums.set(line.unit, sum);
  }
  const figure = (line: Line, side: 'debit' | 'credit') =>
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
            <td className="figure">{grouped(added(sum.debit))}</td>
            <td className="figure">{grouped(added(sum.credit))}</td>
          </tr>
        ))}
      </tfoot>
    </table>
  );
}
