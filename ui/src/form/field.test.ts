import { expect, it } from 'vitest';
import { fieldAt, proposed, sent, type Field } from './field';

const field = (name: string, type: string, more: Partial<Field> = {}): Field => ({
  name,
  type,
  title: { zh: name, en: name },
  help: { zh: '', en: '' },
  optional: false,
  computed: false,
  ...more,
});

const fields = [
  field('day', 'date', { default: '@today' }),
  field('box', 'place', { default: '@own_box' }),
  field('vault', 'place', { of: ['vault'] }),
  field('way', 'enum', { default: 'delivered' }),
  field('rows', 'rows', { columns: [field('name', 'text'), field('amount', 'money')] }),
];

it('sends what was filled in and nothing else', () => {
  const values = { day: '2026-01-05', box: '', rows: [{ name: 'a', amount: '' }, {}], stray: 1 };
  expect(sent(fields, values)).toEqual({ day: '2026-01-05', rows: [{ name: 'a' }] });
  expect(sent(fields, { rows: [{}] })).toEqual({});
});

it('proposes today, one’s own box and what is usual', () => {
  const session = { operator: 'ana', institution: '0101', business_date: '2026-01-07' };
  const place = (at: string, kind: string, keeper: string) => ({ place: at, kind, keeper });
  const box = place('0101/box/ana', 'box', 'ana');
  const choices = { places: [box, place('0101/box/bo', 'box', 'bo'), place('0000/vault', 'vault', '')] };
  expect(proposed(fields, session as never, choices as never)).toEqual({
    day: '2026-01-07',
    box: '0101/box/ana',
    vault: '0000/vault',
    way: 'delivered',
  });
});

it('finds the field that a refusal means', () => {
  expect(fieldAt(fields, 'rows[2].amount')).toBe('rows');
  expect(fieldAt(fields, 'fields.way')).toBe('way');
  expect(fieldAt(fields, 'by')).toBeNull();
});
