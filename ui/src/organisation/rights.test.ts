import { expect, test } from 'vitest';
import type { Post, Right } from './questions';
import { pairs, postsIn, stepRows } from './rights';

function right(matter: string, step: string, post: string | null, role: string): Right {
  return { matter, step, post, role, at: 'own', count: 1, up_to: null, when: null };
}

test('steps are rows, and posts with a hand in them columns', () => {
  const rows = stepRows([
    right('A-1', 'make', 'teller', 'maker'),
    right('A-1', 'check', 'head', 'checker'),
    right('A-1', 'check', null, 'receiver'),
    right('A-1', 'make', 'clerk', 'maker'),
  ]);
  expect(rows.map((row) => [row.key, [...row.hands.keys()]])).toEqual([
    ['A-1/make', ['teller', 'clerk']],
    ['A-1/check', ['head', '']],
  ]);
  expect(postsIn(rows, ['clerk', 'escort', 'head', 'teller'])).toEqual(['clerk', 'head', 'teller']);
});

test('a rule that keeps posts apart is told once', () => {
  const post = (code: string, others: string[], why: string): Post => ({
    code,
    zh: code,
    en: code,
    apart: others.map((other) => ({ posts: [other], why: { zh: why, en: why }, source: 's' })),
  });
  const found = pairs([post('a', ['b', 'c'], 'x'), post('b', ['a'], 'x'), post('c', ['a'], 'x')]);
  expect(found.map((one) => one.posts)).toEqual([
    ['a', 'b'],
    ['a', 'c'],
  ]);
});
