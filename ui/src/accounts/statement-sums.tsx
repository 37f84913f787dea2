// What a statement comes to: it begins with one balance, ends with another, and what lies between.
import { grouped } from '../form/amount';
import type { Sheet } from '../reports/sheet';
import { useSpeech } from '../text/text';

export function StatementSums({ sheet }: { sheet: Sheet }) {
  const { say } = useSpeech();
  const [first] = sheet.rows;
  const last = sheet.rows.at(-1);
  if (!first || !last || first.style === 'normal' || last.style === 'normal') return null;
  const text = (row: typeof first, key: string) => String(row.cells[key] ?? '');
  const sums: [string, string, string][] = [
    [say('opening_balance'), text(first, 'side'), text(first, 'balance')],
    [say('debit_amount'), '', text(last, 'debit')],
    [say('credit_amount'), '', text(last, 'credit')],
    [say('closing_balance'), text(last, 'side'), text(last, 'balance')],
  ];
  return (
    <div className="balances screen-only" style={{ marginBottom: 12 }}>
      {sums.map(([title, side, amount]) => (
        <div key={title}>
          <div className="quiet">{title}</div>
          <div className="number" style={{ fontSize: 16, fontWeight: 600 }}>
            {side} {grouped(amount)}
          </div>
        </div>
      ))}
    </div>
  );
}
