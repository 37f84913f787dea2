import { expect, it } from 'vitest';
import { EMPTY, balanced, isBlank, missing, totals, wrong } from './balance';

const line = (account: string, debit: string, credit = '', red = false) => ({
  account,
  debit,
  credit,
  red,
});

const DIGITS: Record<string, number> = { JPY: 0, KWD: 3 };

/** Accounts of these tests begin with their unit; others are kept in yuan. */
const unitOf = (account: string) => {
  const [code] = account.split('.');
  const digits = DIGITS[code ?? ''];
  return code && digits !== undefined ? { code, digits } : { code: 'CNY', digits: 2 };
};

const CNY = { code: 'CNY', digits: 2 };

it('adds up each side and says what is short', () => {
  const lines = [line('1', '1,000.00'), line('2', '', '400'), EMPTY];
  const sums = totals(lines, unitOf);
  expect(sums).toEqual([{ ...CNY, debit: 100000n, credit: 40000n }]);
  expect(missing(sums)).toEqual([{ ...CNY, side: 'credit', parts: 60000n }]);
  expect(missing(totals([...lines, line('3', '', '600.00')], unitOf))).toEqual([]);
});

it('counts each unit by itself, in its own decimals', () => {
  const lines = [line('JPY.1', '1,200'), line('KWD.1', '0.125'), line('1', '', '1200.00')];
  expect(totals(lines, unitOf)).toEqual([
    { code: 'JPY', digits: 0, debit: 1200n, credit: 0n },
    { code: 'KWD', digits: 3, debit: 125n, credit: 0n },
    { ...CNY, debit: 0n, credit: 120000n },
  ]);
  expect(missing(totals(lines, unitOf))).toHaveLength(3);
  const others = [line('JPY.2', '', '1200'), line('KWD.2', '', '.125'), line('2', '1200')];
  expect(missing(totals([...lines, ...others], unitOf))).toEqual([]);
});

it('takes the amount that is missing in the unit of the line', () => {
  const lines = [line('JPY.1', '1,200'), line('1', '', '5'), line('JPY.2', '')];
  expect(balanced(lines, 2, unitOf)[2]).toEqual(line('JPY.2', '', '1,200'));
  expect(balanced([...lines, line('2', '')], 3, unitOf)[3]).toEqual(line('2', '5.00'));
  const none = [...lines, line('KWD.1', '')];
  expect(balanced(none, 3, unitOf)).toBe(none);
});

it('has a sum where nothing was typed yet', () => {
  expect(totals([EMPTY], unitOf)).toEqual([{ ...CNY, debit: 0n, credit: 0n }]);
});

it('counts red lines backwards', () => {
  const lines = [line('1', '10', '', true), line('2', '', '10', true)];
  expect(totals(lines, unitOf)).toEqual([{ ...CNY, debit: -1000n, credit: -1000n }]);
  expect(missing(totals(lines, unitOf))).toEqual([]);
});

it('finds what a line lacks', () => {
  expect(isBlank(EMPTY)).toBe(true);
  expect(wrong(EMPTY, 2)).toBeNull();
  expect(wrong(line('', '1'), 2)).toBe('account');
  expect(wrong(line('1', ''), 2)).toBe('amount');
  expect(wrong(line('1', '1', '1'), 2)).toBe('both');
  expect(wrong(line('1', '1.005'), 2)).toBe('amount');
  expect(wrong(line('1', '1.005'), 3)).toBeNull();
  expect(wrong(line('1', '1.5'), 0)).toBe('amount');
  expect(wrong(line('1', '', '2'), 2)).toBeNull();
});
