import { expect, test } from 'vitest';
import type { Field } from './field';
import { fieldForThing, given } from './given';

function field(name: string, type: string, of?: string[]): Field {
  const title = { zh: name, en: name };
  return { name, type, title, help: title, computed: false, optional: false, ...(of ? { of } : {}) };
}

const FIELDS = [
  field('vault', 'place', ['vault']),
  field('box', 'place', ['box']),
  field('anywhere', 'place'),
  field('notes', 'note_counts'),
  field('cheques', 'serials', ['cheque']),
  field('reason', 'text'),
];

test('a link gives values to fields by name, and lists to those that take lists', () => {
  expect(given(FIELDS, 'reason=a,b&notes=100:5,10:2&unknown=1')).toEqual({
    reason: 'a,b',
    notes: ['100:5', '10:2'],
  });
});

test('a place goes to the field for its kind, else to one for any', () => {
  expect(given(FIELDS, '@place=0101/box/ana')).toEqual({ box: '0101/box/ana' });
  expect(given(FIELDS, '@place=0101/cabinet')).toEqual({ anywhere: '0101/cabinet' });
  expect(given(FIELDS.slice(0, 2), '@place=0101/cabinet')).toEqual({});
});

test('a thing goes where its kind is named', () => {
  expect(given(FIELDS, '@thing=cheque:AB00000001')).toEqual({ cheques: ['cheque:AB00000001'] });
  expect(fieldForThing(FIELDS, 'ukey')).toBeUndefined();
});
