import { expect, it } from 'vitest';
import { parseRange, pieces, range, written } from './serial';

it('reads a range with and without its second prefix', () => {
  const long = range('cheque', 'AB00000001', 'AB00000025');
  expect(long && pieces(long)).toBe(25n);
  expect(range('cheque', 'AB1', '25')).toEqual(long);
  expect(long && written(long)).toBe('cheque:AB00000001-AB00000025');
});

it('reads one number', () => {
  const one = parseRange('seal:7');
  expect(one).toEqual({ kind: 'seal', prefix: '', from: 7n, to: 7n });
  expect(one && written(one)).toBe('seal:00000007');
});

it('reads what it wrote, whatever the prefix', () => {
  for (const text of ['cheque:A-B00000001-A-B00000009', 'note:00000001-00000003']) {
    const read = parseRange(text);
    expect(read && written(read)).toBe(text);
  }
});

it('takes no range that runs backwards, changes its prefix or has no kind', () => {
  expect(range('cheque', 'A9', 'A1')).toBeNull();
  expect(range('cheque', 'A1', 'B9')).toBeNull();
  expect(range('', 'A1', 'A9')).toBeNull();
  expect(parseRange('cheque:')).toBeNull();
});

it('counts beyond what floating numbers hold', () => {
  const long = range('x', '1', '9007199254740993');
  expect(long && pieces(long)).toBe(9007199254740993n);
});
