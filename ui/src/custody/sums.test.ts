import { expect, test } from 'vitest';
import type { PlaceHead } from './questions';
import { byInstitution, byKind, fits } from './sums';

function place(name: string, cash: string, kinds: string[] = []): PlaceHead {
  const [institution, kind] = name.split('/');
  return {
    place: name,
    institution: kind === undefined ? null : (institution ?? null),
    kind: kind ?? null,
    kind_zh: kind ?? '',
    kind_en: kind ?? '',
    is_set_up: true,
    keeper: '',
    keeper_post: null,
    cash,
    unit: 'CNY',
    kinds,
  };
}

const PLACES = [
  place('used', '0.00', ['cheque']),
  place('0101/box/ana', '54990.10'),
  place('0101/branch', '258000.00', ['cheque']),
  place('0000/vault', '10600000.00'),
  place('0101/box/bo', '0.20'),
];

test('places stand under their institutions, with what they hold', () => {
  const groups = byInstitution(PLACES);
  expect(groups.map((one) => [one.institution, one.cash, one.places.length])).toEqual([
    ['0000', '10600000.00', 1],
    ['0101', '312990.30', 3],
    ['', '0.00', 1],
  ]);
});

test('kinds of place are told with the most cash first', () => {
  expect(byKind(PLACES).map((one) => [one.kind, one.cash, one.places])).toEqual([
    ['vault', '10600000.00', 1],
    ['branch', '258000.00', 1],
    ['box', '54990.30', 2],
  ]);
});

test('a place is looked for by kind, by what it holds and by any part of its name', () => {
  const [used, ana] = PLACES;
  if (!used || !ana) throw new Error('there are places');
  const any = { kind: '', stock: '', text: '' };
  expect(fits(ana, any, '')).toBe(true);
  expect(fits(ana, { ...any, kind: 'vault' }, '')).toBe(false);
  expect(fits(used, { ...any, stock: 'cheque' }, '')).toBe(true);
  expect(fits(ana, { ...any, stock: 'cheque' }, '')).toBe(false);
  expect(fits(ana, { ...any, text: ' 安娜' }, '城关支行 · 柜员尾箱 · 安娜')).toBe(true);
});
