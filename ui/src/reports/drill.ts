// Where a figure comes from: each step down from a report is an address.
import { accountAt } from '../accounts/address';
import type { Asked } from './questions';
import type { Row } from './sheet';

/** Columns that hold the number of an entry. */
const ENTRIES = new Set(['entry', 'wrong', 'reversal', 'rebook']);

function address(path: string, asked: Asked): string {
  const parts = Object.entries(asked).filter(([, value]) => value !== '');
  return parts.length === 0 ? path : `${path}?${new URLSearchParams(parts).toString()}`;
}

/** The days that a report was asked for, as another one takes them. */
function periodOf({ day = '', from = '', to = '' }: Asked): Asked {
  return day ? { from: day, to: day } : { from, to };
}

/** What stands behind a cell; null: nothing that has a page. */
export function leadsTo(report: string, key: string, row: Row, asked: Asked): string | null {
  const cell = row.cells[key];
  if (cell === null || cell === undefined || cell === '') return null;
  const text = String(cell);
  if (key === 'item' && row.subjects.length > 0) {
    const { institution = '', unit = '' } = asked;
    return address('/reports/subject-balances', {
      subject: row.subjects.join(','),
      institution,
      ...periodOf(asked),
      unit: String(row.cells.unit ?? unit),
    });
  }
  if (ENTRIES.has(key)) return /^\d+$/.test(text) ? `/entries/${text}` : null;
  // A sum names what it adds up, which is no account and no subject.
  if (row.style === 'subtotal' || row.style === 'total') return null;
  if (key === 'account') {
    const view = address('', { view: 'statement', ...periodOf(asked) });
    return `${accountAt(text)}${view}`;
  }
  if (key === 'subject') {
    const { day = '', to = '', unit = '' } = asked;
    const institution =
      report === 'gl-subledger-check' ? String(row.cells.institution ?? '') : asked.institution;
    return report === 'balance-list'
      ? address('/reports/general-ledger', {
          subject: text,
          institution: institution ?? '',
          ...periodOf(asked),
          unit,
        })
      : address('/reports/balance-list', {
          subject: text,
          institution: institution ?? '',
          day: day || to,
          unit,
        });
  }
  if (key === '@number') return `/matters/of/${encodeURIComponent(text)}`;
  return null;
}
