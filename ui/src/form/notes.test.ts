import { expect, it } from 'vitest';
import { noteKey, parseNotes, worth, writtenNotes } from './notes';

const faces = new Map([
  ['100', '100.00'],
  ['10', '10.00'],
  ['c0.1', '0.10'],
]);

it('adds up to the last coin', () => {
  const counts = { '100': 3, '10/unfit': 2, 'c0.1': 7 };
  expect(worth(counts, faces)).toBe('320.70');
  expect(worth({ '100': 1e9 }, faces)).toBe('100000000000.00');
  expect(worth({}, faces)).toBe('0.00');
  expect(worth({ '100': -1, 'c0.1': 3 }, faces)).toBe('-99.70');
  expect(worth({ '1000': 3 }, new Map([['1000', '1000']]))).toBe('3000');
});

it('writes what the bank reads, and reads it again', () => {
  const written = ['100:50', '10/unfit:5'];
  const counts = parseNotes(written);
  expect(counts).toEqual({ '100': 50, '10/unfit': 5 });
  expect(writtenNotes(counts).sort()).toEqual([...written].sort());
  expect(parseNotes(['100:1', '100:2', 'nonsense', '50:-1'])).toEqual({ '100': 3 });
  expect(writtenNotes({ '100': 0 })).toEqual([]);
});

it('names a class only where it is not the usual one', () => {
  expect(noteKey('100', 'fit')).toBe('100');
  expect(noteKey('100', 'mint')).toBe('100/mint');
});
