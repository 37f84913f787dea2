import { expect, test } from 'vitest';
import type { MissionRow } from '../rulebook/questions';
import { byModule, fits } from './rows';

function row(code: string, modules: string[], standing: string, tier = 1): MissionRow {
  return { row: code, reference: 'A.1', zh: '现金管理', en: 'Cash', modules, tier, standing, files: [] };
}

const ROWS = [
  row('S1', ['CASH'], 'covered'),
  row('S12', ['CASH', 'VOU'], 'not_served', 2),
  row('S13', ['VOU'], 'gap'),
];

test('a row is found by its number, alone, and by any word', () => {
  expect(ROWS.filter((one) => fits(one, { q: 'S1' })).map((one) => one.row)).toEqual(['S1']);
  expect(ROWS.filter((one) => fits(one, { q: '现金' }))).toHaveLength(3);
  expect(ROWS.filter((one) => fits(one, { module: 'VOU', standing: 'not_served' }))).toHaveLength(1);
  expect(ROWS.filter((one) => fits(one, { tier: '2' })).map((one) => one.row)).toEqual(['S12']);
});

test('modules count their rows, and rows that say nothing count for none', () => {
  expect(byModule(ROWS, ['CASH', 'VOU'])).toEqual([
    { module: 'CASH', all: 2, covered: 1 },
    { module: 'VOU', all: 1, covered: 0 },
  ]);
});
