// Does a voucher balance while it is typed? Per unit of account: debits against credits.
import { minor, parseAmount } from '../form/amount';

export interface Line {
  account: string;
  debit: string;
  credit: string;
  red: boolean;
}

export interface Totals {
  debit: bigint;
  credit: bigint;
}

export const EMPTY: Line = { account: '', debit: '', credit: '', red: false };

export function isBlank(line: Line): boolean {
  return line.account.trim() === '' && line.debit.trim() === '' && line.credit.trim() === '';
}

/** What is wrong with a line, as far as can be seen without the bank. */
export function wrong(line: Line): 'account' | 'amount' | 'both' | null {
  if (isBlank(line)) return null;
  const [debit, credit] = [line.debit.trim(), line.credit.trim()];
  if (line.account.trim() === '') return 'account';
  if (debit !== '' && credit !== '') return 'both';
  return parseAmount(debit || credit, 2) === null ? 'amount' : null;
}

export function totals(lines: readonly Line[]): Totals {
  const sum = { debit: 0n, credit: 0n };
  for (const line of lines) {
    const sign = line.red ? -1n : 1n;
    if (line.debit.trim() !== '') sum.debit += sign * minor(line.debit, 2);
    if (line.credit.trim() !== '') sum.credit += sign * minor(line.credit, 2);
  }
  return sum;
}

/** What would make the voucher balance, for the side that is short. */
export function missing({ debit, credit }: Totals): { side: 'debit' | 'credit'; parts: bigint } | null {
  if (debit === credit) return null;
  return debit > credit
    ? { side: 'credit', parts: debit - credit }
    : { side: 'debit', parts: credit - debit };
}
