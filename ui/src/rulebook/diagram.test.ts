import { expect, test } from 'vitest';
import type { Schemas } from '../api/client';
import { BOX, diagram } from './diagram';

function step(name: string, goes: string[] = []): Schemas['StepView'] {
  const title = { zh: name, en: name };
  return {
    name,
    title,
    goes,
    checks: [],
    fill: [],
    hands: [],
    mode: 'all',
    moves: false,
    posts: false,
    votes: 0,
  };
}

function kind(steps: Schemas['StepView'][], ends: string[]): Schemas['KindView'] {
  const title = { zh: '', en: '' };
  return {
    code: 'T-1',
    title,
    file: 't/t.toml',
    openers: [],
    may_open: false,
    takes_part: false,
    ends: ends.map((name) => ({ name, title })),
    fields: [],
    keep: '',
    serves: [],
    source: '',
    steps,
    why: { zh: '', en: '' },
  };
}

test('steps lie in a row, each with an arrow to the next and the last to the end', () => {
  const drawn = diagram(kind([step('make'), step('check')], ['done']));
  expect(drawn.nodes.map((node) => [node.name, node.isEnd])).toEqual([
    ['make', false],
    ['check', false],
    ['[done]', true],
  ]);
  expect(drawn.arrows.map((arrow) => [arrow.key, arrow.bow])).toEqual([
    ['0-1', 'none'],
    ['1-2', 'none'],
  ]);
  expect(drawn.width).toBe(2 * BOX.margin + 3 * BOX.width + 2 * BOX.gap);
});

test('what goes further is bowed above, what goes back below', () => {
  const drawn = diagram(kind([step('make', ['[done]']), step('check', ['make']), step('pay')], ['done']));
  expect(drawn.arrows.map((arrow) => [arrow.key, arrow.bow])).toEqual([
    ['0-1', 'none'],
    ['0-3', 'above'],
    ['1-2', 'none'],
    ['1-0', 'below'],
    ['2-3', 'none'],
  ]);
});

test('an end that no step names is not drawn, but for the first', () => {
  const drawn = diagram(kind([step('make', ['[kept]'])], ['done', 'kept', 'never']));
  expect(drawn.nodes.map((node) => node.name)).toEqual(['make', '[done]', '[kept]']);
});

test('a step that never goes on has no arrow to the next', () => {
  const drawn = diagram(kind([step('make', ['[done]']), step('major')], ['done']), new Set(['make']));
  expect(drawn.arrows.map((arrow) => arrow.key)).toEqual(['0-2', '1-2']);
});
