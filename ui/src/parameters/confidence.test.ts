import { expect, test } from 'vitest';
import { confidence, periods } from './confidence';

test('a value is as sure as the least sure thing said of its source', () => {
  expect(confidence('ARC79, V')).toBe('verified');
  expect(confidence('VAULT, V*; P')).toBe('secondary');
  expect(confidence('LPR, M?, unverified')).toBe('unsure');
  expect(confidence('example price, P, unverified')).toBe('unsure');
  expect(confidence('handbook 5.3 (M)')).toBe('memory');
  expect(confidence('P')).toBe('practice');
  expect(confidence('FAKE, V: 15, extendable to 30')).toBe('verified');
  expect(confidence('运营〔2026〕3号')).toBe('document');
});

test('values hold until the day before the next', () => {
  const history = [{ from: '2000-01-01' }, { from: '2026-01-01' }];
  const told = periods(history, [{ from: '2026-03-01' }]);
  expect(told.map((one) => [one.value.from, one.until, one.state])).toEqual([
    ['2026-03-01', null, 'ahead'],
    ['2026-01-01', '2026-02-28', 'now'],
    ['2000-01-01', '2025-12-31', 'past'],
  ]);
  expect(periods([], [])).toEqual([]);
});
