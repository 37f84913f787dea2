import { expect, test } from 'vitest';
import { donePart, stepsOf } from './progress';
import type { Close } from './questions';

const step = (done: boolean) => ({ zh: '利息计提', en: 'interest accrual', done });
const close = (running: boolean, steps: Close['steps']): Close => ({ running, steps, of: 4 });

test('the step that runs is told from the one at which it stopped', () => {
  expect(stepsOf(close(true, [step(true), step(false)])).map((one) => one.stage)).toEqual([
    'done',
    'now',
    'waits',
    'waits',
  ]);
  expect(stepsOf(close(false, [step(true), step(false)]))[1]?.stage).toBe('stopped');
});

test('steps that are done twice never make more than the whole', () => {
  expect(donePart(close(true, [step(true)]))).toBe(25);
  expect(donePart(close(false, Array.from({ length: 6 }, () => step(true))))).toBe(100);
  expect(donePart({ ...close(false, []), of: 0 })).toBe(0);
});
