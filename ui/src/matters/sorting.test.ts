import { expect, test } from 'vitest';
import { orderOfBank, parseSort, sorted, writtenSort } from './sorting';

const ROWS = [
  { head: { number: 'A-2', due: 5 }, values: { amount: '900.00' } },
  { head: { number: 'A-10', due: null }, values: { amount: '10000.00' } },
  { head: { number: 'A-1', due: 40 }, values: {} },
];

function numbers(sort: string): string[] {
  return sorted(ROWS, parseSort(sort)).map((row) => row.head.number);
}

test('amounts are ordered by worth, and what says nothing comes last either way', () => {
  expect(numbers('value-amount')).toEqual(['A-2', 'A-10', 'A-1']);
  expect(numbers('-value-amount')).toEqual(['A-10', 'A-2', 'A-1']);
  expect(numbers('due')).toEqual(['A-2', 'A-1', 'A-10']);
});

test('without an order the bank’s stands', () => {
  expect(sorted(ROWS, parseSort(undefined))).toEqual(ROWS);
  expect(numbers('number')).toEqual(['A-1', 'A-10', 'A-2']);
});

test('an order stands in the address', () => {
  expect(writtenSort('due', 'descend')).toBe('-due');
  expect(writtenSort('due', 'ascend')).toBe('due');
  expect(writtenSort('due', null)).toBe('');
  expect(parseSort('-due')).toEqual({ column: 'due', isDescending: true });
});

test('the bank orders whole lists by age and, of what is under way, by deadline', () => {
  expect(orderOfBank('-opened', true)).toBe('-opened');
  expect(orderOfBank('due', false)).toBe('due');
  expect(orderOfBank('due', true)).toBe('');
  expect(orderOfBank('number', false)).toBe('');
  expect(orderOfBank('', false)).toBe('');
});
