// A report as the bank sends it: titled columns of known kinds, rows of a style, captions and notes.
// What stands beside the cells of a row is put apart from them.
import type { Schemas } from '../api/client';
import { grouped } from '../form/amount';

export type Cell = Schemas['CellView'];

export interface Column extends Omit<Schemas['ColumnView'], 'align'> {
  align: 'left' | 'right' | 'center';
}

export interface Row {
  at: number;
  style: Schemas['RowStyle'];
  cells: Record<string, Cell>;
  /** Codes of the subjects that the row sums */
  subjects: string[];
}

export interface Sheet extends Omit<Schemas['SheetView'], 'columns' | 'rows'> {
  columns: Column[];
  rows: Row[];
}

/** A report comes as what the page shows, unless it was asked for as a file. */
export type Sent = Schemas['SheetView'] | string | number[];

export function sheetOf(sent: Sent): Sheet {
  if (typeof sent === 'string' || Array.isArray(sent)) {
    throw new Error('what the bank sent is a file');
  }
  const { columns, rows, ...rest } = sent;
  return {
    ...rest,
    columns: columns.map(({ align, ...column }) => ({
      ...column,
      align: align === 'centre' ? 'center' : align,
    })),
    rows: rows.map(({ _style: style, _subjects: subjects = [], ...cells }, at) => ({
      at,
      style,
      cells,
      subjects,
    })),
  };
}

/** The cell as one reads it: money and counts in groups of three. */
export function shown(kind: Column['kind'], cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return '';
  const plain = String(cell);
  if (kind === 'percent') return `${plain}%`;
  if (kind !== 'amount' && kind !== 'integer') return plain;
  return grouped(plain);
}
