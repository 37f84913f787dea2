import { expect, it } from 'vitest';
import { EMPTY, isBlank, missing, totals, wrong } from './balance';

const line = (account: string, debit: string, credit = '', red = false) => ({
  account,
  debit,
  credit,
  red,
});

it('adds up each side and says what is short', () => {
  const lines = [line('1', '1,000.00'), line('2', '', '400'), EMPTY];
  expect(totals(lines)).toEqual({ debit: 100000n, credit: 40000n });
  expect(missing(totals(lines))).toEqual({ side: 'credit', parts: 60000n });
  expect(missing(totals([...lines, line('3', '', '600.00')]))).toBeNull();
});

it('counts red lines backwards', () => {
  const lines = [line('1', '10', '', true), line('2', '', '10', true)];
  expect(totals(lines)).toEqual({ debit: -1000n, credit: -1000n });
  expect(missing(totals(lines))).toBeNull();
});

it('finds what a line lacks', () => {
  expect(isBlank(EMPTY)).toBe(true);
  expect(wrong(EMPTY)).toBeNull();
  expect(wrong(line('', '1'))).toBe('account');
  expect(wrong(line('1', ''))).toBe('amount');
  expect(wrong(line('1', '1', '1'))).toBe('both');
  expect(wrong(line('1', '1.005'))).toBe('amount');
  expect(wrong(line('1', '', '2'))).toBeNull();
});
