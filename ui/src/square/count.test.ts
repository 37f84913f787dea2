import { expect, test } from 'vitest';
import { bookOf, differences, numbersApart, overAndShort, uncounted } from './count';

test('what a place holds is kept by denomination and class', () => {
  const notes = [
    { denomination: '100', class: 'fit', pieces: 3 },
    { denomination: '100', class: 'unfit', pieces: 1 },
    { denomination: '50', class: 'fit', pieces: 0 },
  ];
  expect(bookOf(notes)).toEqual({ '100': 3, '100/unfit': 1 });
});

test('over and short are told apart and never set off', () => {
  const difference = differences({ '100': 3, '50': 2 }, { '100': 4, '50': 1, 'c0.1': 0 });
  expect(difference).toEqual({ '100': 1, '50': -1 });
  expect(overAndShort(difference)).toEqual({ over: { '100': 1 }, short: { '50': 1 } });
});

test('what was not counted is neither short nor over; nought is a count', () => {
  expect(differences({ '100': 3 }, {})).toEqual({});
  expect(uncounted({ '100': 3, '50': 1 }, { '50': 1 })).toEqual(['100']);
  expect(differences({ '100': 3 }, { '100': 0 })).toEqual({ '100': -3 });
  expect(uncounted({ '100': 3 }, { '100': 0 })).toEqual([]);
});

test('what agrees has no difference', () => {
  expect(differences({ '100': 3 }, { '100': 3 })).toEqual({});
  expect(differences({}, {})).toEqual({});
});

test('numbers that are missing and numbers too many are told as ranges', () => {
  const book = ['cheque:AB00000001-AB00000025', 'ukey:7'];
  expect(numbersApart(book, book)).toEqual({ missing: [], extra: [] });
  expect(numbersApart(book, ['cheque:AB1-AB9', 'cheque:AB11-AB26', 'ukey:00000007'])).toEqual({
    missing: ['cheque:AB00000010'],
    extra: ['cheque:AB00000026'],
  });
  expect(numbersApart([], ['cheque:AC1'])).toEqual({ missing: [], extra: ['cheque:AC00000001'] });
});
