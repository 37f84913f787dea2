import { expect, test } from 'vitest';
import { nameIn } from './file';

test('a file keeps the name that the bank gives it', () => {
  const both = "attachment; filename=\"trial-balance.xlsx\"; filename*=UTF-8''%E6%80%BB%E8%B4%A6.xlsx";
  expect(nameIn(both)).toBe('总账.xlsx');
  expect(nameIn('attachment; filename="trial-balance.csv"')).toBe('trial-balance.csv');
  expect(nameIn(null)).toBe('');
});
