// How far a close has come: what began, what stopped it, and what is still to come.
import type { Close } from './questions';

export type Stage = 'done' | 'now' | 'stopped' | 'waits';

export interface Step {
  title: { zh: string; en: string } | null;
  stage: Stage;
}

/** The steps that began, and behind them one without a name for each that did not. */
export function stepsOf(close: Close): Step[] {
  const begun = close.steps.map<Step>((step) => ({
    title: { zh: step.zh, en: step.en },
    stage: step.done ? 'done' : close.running ? 'now' : 'stopped',
  }));
  const rest = Math.max(close.of - begun.length, 0);
  return [...begun, ...Array.from({ length: rest }, (): Step => ({ title: null, stage: 'waits' }))];
}

export function donePart(close: Close): number {
  const done = close.steps.filter((step) => step.done).length;
  return close.of === 0 ? 0 : Math.min(Math.round((100 * done) / close.of), 100);
}
