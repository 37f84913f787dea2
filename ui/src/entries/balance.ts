// Does a voucher balance while it is typed? Per unit of account: debits against credits.
import { fromMinor, grouped, minor, parseAmount } from '../form/amount';

export interface Line {
  account: string;
  debit: string;
  credit: string;
  red: boolean;
}

/** What an account is kept in, and the decimals of that. */
export interface Unit {
  code: string;
  digits: number;
}

export type UnitOf = (account: string) => Unit;

export interface Totals extends Unit {
  debit: bigint;
  credit: bigint;
}

export interface Short extends Unit {
  side: 'debit' | 'credit';
  parts: bigint;
}

export const EMPTY: Line = { account: '', debit: '', credit: '', red: false };

export function isBlank(line: Line): boolean {
  return line.account.trim() === '' && line.debit.trim() === '' && line.credit.trim() === '';
}

/** What is wrong with a line, as far as can be seen without the bank. */
export function wrong(line: Line, digits: number): 'account' | 'amount' | 'both' | null {
  if (isBlank(line)) return null;
  const [debit, credit] = [line.debit.trim(), line.credit.trim()];
  if (line.account.trim() === '') return 'account';
  if (debit !== '' && credit !== '') return 'both';
  return parseAmount(debit || credit, digits) === null ? 'amount' : null;
}

/** Of each unit that has a line; of that of no account where there is none. */
export function totals(lines: readonly Line[], unitOf: UnitOf): Totals[] {
  const sums = new Map<string, Totals>();
  const some = lines.filter((line) => !isBlank(line));
  for (const line of some.length > 0 ? some : [EMPTY]) {
    const unit = unitOf(line.account);
    const sum = sums.get(unit.code) ?? { ...unit, debit: 0n, credit: 0n };
    const sign = line.red ? -1n : 1n;
    sum.debit += sign * minor(line.debit, unit.digits);
    sum.credit += sign * minor(line.credit, unit.digits);
    sums.set(unit.code, sum);
  }
  return [...sums.values()];
}

/** What would make the voucher balance, for each unit the side that is short. */
export function missing(sums: readonly Totals[]): Short[] {
  return sums.flatMap(({ code, digits, debit, credit }) => {
    if (debit === credit) return [];
    const side = debit > credit ? 'credit' : 'debit';
    return [{ code, digits, side, parts: debit > credit ? debit - credit : credit - debit }];
  });
}

/** The amount that is missing in the unit of this line, put on the side that is short. */
export function balanced(lines: Line[], at: number, unitOf: UnitOf): Line[] {
  const others = lines.map((line, index) => (index === at ? EMPTY : line));
  const unit = unitOf(lines[at]?.account ?? '');
  const short = missing(totals(others, unitOf)).find((one) => one.code === unit.code);
  if (!short) return lines;
  const amount = grouped(fromMinor(short.parts, short.digits));
  return lines.map((line, index) =>
    index === at ? { ...line, debit: '', credit: '', red: false, [short.side]: amount } : line,
  );
}
