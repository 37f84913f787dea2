// What a chart draws, and what its table tells. Lengths of bars need no last digit; the table keeps
// amounts as the bank said them.
import type { Cell, Sheet } from '../reports/sheet';

export interface Bars {
  name: string;
  drawn: number[];
  told: string[];
}

export interface Picture {
  labels: string[];
  bars: Bars[];
}

export function numberOf(cell: Cell | undefined): number {
  const number = Number(cell ?? 0);
  return Number.isFinite(number) ? number : 0;
}

/** A column of a report under a name. */
export function barsOf(rows: Sheet['rows'], key: string, name: string): Bars {
  return {
    name,
    drawn: rows.map((row) => numberOf(row.cells[key])),
    told: rows.map((row) => String(row.cells[key] ?? '')),
  };
}

export function normalRows(sheet: Sheet): Sheet['rows'] {
  return sheet.rows.filter((row) => row.style === 'normal');
}

export function totalRow(sheet: Sheet): Sheet['rows'][number] | undefined {
  return sheet.rows.find((row) => row.style === 'total');
}

/** How many there are in each month, of things that have a day or a month and perhaps a count. */
export function byMonth(rows: readonly { month: string; count: number }[]): Map<string, number> {
  const months = new Map<string, number>();
  for (const { month, count } of rows) months.set(month, (months.get(month) ?? 0) + count);
  return months;
}

/** Several counts by month side by side, months in order, none left out. */
export function sideBySide(parts: readonly { name: string; of: Map<string, number> }[]): Picture {
  const labels = [...new Set(parts.flatMap((part) => [...part.of.keys()]))].sort();
  return {
    labels,
    bars: parts.map(({ name, of }) => {
      const drawn = labels.map((label) => of.get(label) ?? 0);
      return { name, drawn, told: drawn.map(String) };
    }),
  };
}
