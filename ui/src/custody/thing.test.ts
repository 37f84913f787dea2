import { expect, test } from 'vitest';
import { parseRange } from '../form/serial';
import { contains, thingOf } from './thing';

test('a thing is read from a kind and a number, or from both at once', () => {
  expect(thingOf('cheque', 'ab1')).toBe('cheque:AB00000001');
  expect(thingOf('', 'cheque:AB00000001')).toBe('cheque:AB00000001');
  expect(thingOf('ukey', 'cheque：AB00000007')).toBe('cheque:AB00000007');
  expect(thingOf('', 'AB1')).toBeNull();
  expect(thingOf('cheque', 'AB')).toBeNull();
  expect(thingOf('', 'cheque:AB00000001-AB00000025')).toBeNull();
});

test('a number is found in the range that holds it', () => {
  const range = parseRange('certificate:D00000002-D00000020');
  if (!range) throw new Error('it is a range');
  expect(contains(range, '2')).toBe(true);
  expect(contains(range, 'd00000020')).toBe(true);
  expect(contains(range, '21')).toBe(false);
  expect(contains(range, 'E2')).toBe(false);
  expect(contains(range, 'D')).toBe(false);
});
