import { expect, test } from 'vitest';
import { searchOf, withView, type View } from './views';

function view(name: string, search: string): View {
  return { name, search, hidden: [], fields: null };
}

test('a view under a name that there is takes its place', () => {
  const views = [view('a', 'x=1'), view('b', 'x=2')];
  expect(withView(views, view('a', 'x=3')).map((one) => one.search)).toEqual(['x=3', 'x=2']);
  expect(withView(views, view('c', 'x=4'))).toHaveLength(3);
});

test('where one stood in a list is no part of a view', () => {
  expect(searchOf({ state: 'ended', cursor: '42', code: 'CASH-014', late: '' })).toBe(
    'code=CASH-014&state=ended',
  );
});
