// A report as the bank sends it: titled columns of known kinds, rows of a style, captions and notes. The
// description of the interface leaves its form open, since every report has its own columns; so it is
// read here with care, and whatever is no report is no report.
import { grouped } from '../form/amount';
import type { Title } from '../text/text';

export type Cell = string | number | null;

export interface Column {
  key: string;
  title: Title;
  /** `text`, `code`, `amount`, `integer`, `date`, `rate`, `percent` */
  kind: string;
  align: 'left' | 'right' | 'center';
}

export interface Row {
  at: number;
  /** `normal`, `subtotal`, `total` … */
  style: string;
  cells: Record<string, Cell>;
  /** Codes of the subjects that the row sums */
  subjects: string[];
}

export interface Sheet {
  title: Title;
  captions: { label: string; value: string }[];
  columns: Column[];
  rows: Row[];
  notes: string[];
}

type Things = Record<string, unknown>;

function isThings(value: unknown): value is Things {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function listOf(value: unknown): Things[] {
  return Array.isArray(value) ? value.filter(isThings) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

function titleOf(value: unknown): Title {
  return isThings(value) ? { zh: text(value.zh), en: text(value.en) } : { zh: '', en: '' };
}

function alignOf(value: unknown): Column['align'] {
  return value === 'right' ? 'right' : value === 'centre' ? 'center' : 'left';
}

function rowOf({ _style, _subjects, ...rest }: Things, at: number): Row {
  const cells: Row['cells'] = {};
  for (const [key, value] of Object.entries(rest)) {
    cells[key] = typeof value === 'string' || typeof value === 'number' ? value : null;
  }
  const subjects = Array.isArray(_subjects) ? _subjects.map(text) : [];
  return { at, style: text(_style) || 'normal', cells, subjects };
}

export function sheetOf(sent: unknown): Sheet {
  if (!isThings(sent) || !Array.isArray(sent.columns) || !Array.isArray(sent.rows)) {
    throw new Error('what the bank sent is no report');
  }
  return {
    title: titleOf(sent.title),
    captions: listOf(sent.captions).map((one) => ({ label: text(one.label), value: text(one.value) })),
    columns: listOf(sent.columns).map((one) => ({
      key: text(one.key),
      title: titleOf(one.title),
      kind: text(one.kind),
      align: alignOf(one.align),
    })),
    rows: listOf(sent.rows).map(rowOf),
    notes: Array.isArray(sent.notes) ? sent.notes.map(text) : [],
  };
}

/** The cell as one reads it: money and counts in groups of three. */
export function shown(kind: string, cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return '';
  const plain = String(cell);
  if (kind === 'percent') return `${plain}%`;
  if (kind !== 'amount' && kind !== 'integer') return plain;
  return grouped(plain);
}
