// How sure a value is: the rulebook writes it into the source, as the marks of the handbook (V, V*, M,
// M?, P) or in a word. A document that a matter named carries no mark, and needs none.

export type Confidence = 'verified' | 'secondary' | 'memory' | 'unsure' | 'practice' | 'document';

const MARKS: readonly [RegExp, Confidence][] = [
  [/\bM\?/, 'unsure'],
  [/unverified/i, 'unsure'],
  [/\bV\*/, 'secondary'],
  [/\bV\b/, 'verified'],
  [/\bM\b/, 'memory'],
  [/\bP\b/, 'practice'],
];

/** The weakest doubt named first counts: a value is as sure as the least sure thing said of it. */
export function confidence(source: string): Confidence {
  return MARKS.find(([mark]) => mark.test(source))?.[1] ?? 'document';
}

export interface Period<T> {
  value: T;
  /** The day before the next one; null: until further notice. */
  until: string | null;
  state: 'past' | 'now' | 'ahead';
}

function dayBefore(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - 1);
  return date.toISOString().slice(0, 10);
}

/** Values with the days they hold until, newest first; `history` ends with the one in force. */
export function periods<T extends { from: string }>(
  history: readonly T[],
  pending: readonly T[],
): Period<T>[] {
  const all = [...history, ...pending];
  const told = all.map((value, at): Period<T> => {
    const next = all[at + 1];
    const state = at >= history.length ? 'ahead' : at === history.length - 1 ? 'now' : 'past';
    return { value, until: next ? dayBefore(next.from) : null, state };
  });
  return told.reverse();
}
