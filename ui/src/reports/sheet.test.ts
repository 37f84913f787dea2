import { expect, test } from 'vitest';
import type { Schemas } from '../api/client';
import { sheetOf, shown } from './sheet';

test('what stands beside the cells of a row is put apart', () => {
  const sheet = sheetOf({
    title: { zh: '试算平衡表', en: 'Trial balance' },
    captions: [{ label: '单位', value: '元' }],
    columns: [{ key: 'debit', title: { zh: '借方', en: 'Debit' }, kind: 'amount', align: 'centre' }],
    rows: [
      { _style: 'total', debit: '1234567.50' },
      { _style: 'normal', _subjects: ['1001'], debit: null },
    ] as Schemas['RowView'][],
    notes: ['平'],
  });
  expect(sheet.rows.map((row) => row.style)).toEqual(['total', 'normal']);
  expect(sheet.rows.map((row) => row.subjects)).toEqual([[], ['1001']]);
  expect(sheet.rows[0]?.cells).toEqual({ debit: '1234567.50' });
  expect(() => sheetOf('<html>')).toThrow();
  expect(sheet.columns[0]?.align).toBe('center');
});

test('money and counts are grouped, numbers that name something are not', () => {
  expect(shown('amount', '-1234567.50')).toBe('-1,234,567.50');
  expect(shown('integer', 20005)).toBe('20,005');
  expect(shown('code', '20005')).toBe('20005');
  expect(shown('percent', '12.50')).toBe('12.50%');
  expect(shown('amount', null)).toBe('');
});
