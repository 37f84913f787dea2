import { expect, test } from 'vitest';
import type { Schemas } from '../api/client';
import { sheetOf } from '../reports/sheet';
import { barsOf, byMonth, normalRows, numberOf, sideBySide, totalRow } from './picture';

const sheet = sheetOf({
  title: { zh: '', en: '' },
  captions: [],
  columns: [],
  notes: [],
  rows: [
    { _style: 'normal', amount: '1234567890123456.78' },
    { _style: 'normal', amount: null },
    { _style: 'total', amount: '1234567890123456.78' },
  ] as Schemas['RowView'][],
});

test('a chart draws lengths, its table keeps every digit', () => {
  const bars = barsOf(normalRows(sheet), 'amount', '余额');
  expect(bars.told).toEqual(['1234567890123456.78', '']);
  expect(bars.drawn[1]).toBe(0);
  expect(totalRow(sheet)?.cells.amount).toBe('1234567890123456.78');
  expect(numberOf('合计')).toBe(0);
});

test('counts of months stand side by side, none left out', () => {
  const first = byMonth([
    { month: '2026-02', count: 2 },
    { month: '2026-02', count: 1 },
  ]);
  const picture = sideBySide([
    { name: 'a', of: first },
    { name: 'b', of: byMonth([{ month: '2026-01', count: 4 }]) },
  ]);
  expect(picture.labels).toEqual(['2026-01', '2026-02']);
  expect(picture.bars.map((bars) => bars.drawn)).toEqual([
    [0, 3],
    [4, 0],
  ]);
});
