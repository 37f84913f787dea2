// What a table shows, as a file that spreadsheets open with their Chinese whole.
import { keep } from '../api/file';

/** Values that a spreadsheet would take for a formula are kept as text. */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) && !/^-?\d/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

export function csv(rows: readonly (readonly string[])[]): string {
  return `\ufeff${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

export function download(name: string, text: string): void {
  keep(name, new Blob([text], { type: 'text/csv;charset=utf-8' }));
}
