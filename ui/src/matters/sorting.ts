// The order of rows that are shown. The bank orders whole lists by what it has an index of; within a
// page one may order by any column: amounts by worth, days and numbers as they read, and what says
// nothing last.
import { parseAmount } from '../form/amount';
import type { Values } from '../form/field';

export interface Sort {
  column: string;
  isDescending: boolean;
}

/** As it stands in the address: `opened`, `-opened`. */
export function parseSort(text: string | undefined): Sort | null {
  if (!text) return null;
  const isDescending = text.startsWith('-');
  return { column: isDescending ? text.slice(1) : text, isDescending };
}

export function writtenSort(column: string, order: 'ascend' | 'descend' | null | undefined): string {
  if (!order) return '';
  return order === 'descend' ? `-${column}` : column;
}

/** The order as the bank itself gives it to the whole list, under way or ended; else nothing. */
export function orderOfBank(text: string, ended: boolean): string {
  const column = parseSort(text)?.column;
  return column === 'opened' || (column === 'due' && !ended) ? text : '';
}

/** Columns of fields are named so, and cannot be mistaken for those of every matter. */
const OF_FIELD = 'value-';

/** Columns that show more than one fact are ordered by one of them. */
const COLUMNS: Record<string, string> = { matter: 'code' };

interface Row {
  head: object;
  values: Values;
}

function cellOf({ head, values }: Row, column: string): string {
  const value: unknown = column.startsWith(OF_FIELD)
    ? values[column.slice(OF_FIELD.length)]
    : Object.entries(head).find(([name]) => name === (COLUMNS[column] ?? column))?.[1];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function compare(a: string, b: string): number {
  const [x, y] = [parseAmount(a, 9), parseAmount(b, 9)];
  if (x !== null && y !== null) {
    const difference = BigInt(x.replace('.', '')) - BigInt(y.replace('.', ''));
    return difference > 0n ? 1 : difference < 0n ? -1 : 0;
  }
  return a.localeCompare(b, 'zh');
}

export function sorted<R extends Row>(rows: readonly R[], sort: Sort | null): R[] {
  if (!sort) return [...rows];
  const sign = sort.isDescending ? -1 : 1;
  return [...rows].sort((one, other) => {
    const [a, b] = [cellOf(one, sort.column), cellOf(other, sort.column)];
    if (a === '' || b === '') return Number(a === '') - Number(b === '');
    return sign * compare(a, b);
  });
}
