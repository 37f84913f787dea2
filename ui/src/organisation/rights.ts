// The matrix of rights as it is read: steps of matters against posts; and posts that stay apart.
import type { Title } from '../text/text';
import type { Post, Right } from './questions';

export interface StepRow {
  key: string;
  matter: string;
  step: string;
  /** By post; under '' whoever a field of the matter names. */
  hands: Map<string, Right[]>;
}

/** One row for each step, in the order in which the rulebook has them. */
export function stepRows(rights: readonly Right[]): StepRow[] {
  const rows = new Map<string, StepRow>();
  for (const right of rights) {
    const key = `${right.matter}/${right.step}`;
    const fresh: StepRow = { key, matter: right.matter, step: right.step, hands: new Map() };
    const row = rows.get(key) ?? fresh;
    const post = right.post ?? '';
    row.hands.set(post, [...(row.hands.get(post) ?? []), right]);
    rows.set(key, row);
  }
  return [...rows.values()];
}

/** Posts that have a hand in some of the rows, in the order of `posts`. */
export function postsIn(rows: readonly StepRow[], posts: readonly string[]): string[] {
  const found = new Set(rows.flatMap((row) => [...row.hands.keys()]));
  return posts.filter((post) => found.has(post));
}

export interface Pair {
  key: string;
  posts: string[];
  why: Title;
  source: string;
}

/** Each rule that keeps posts apart once, whichever of its posts it was told at. */
export function pairs(posts: readonly Post[]): Pair[] {
  const found = new Map<string, Pair>();
  for (const post of posts) {
    for (const apart of post.apart) {
      const all = [post.code, ...apart.posts].sort();
      const key = `${all.join('+')} ${apart.why.zh}`;
      found.set(key, { key, posts: all, why: apart.why, source: apart.source });
    }
  }
  return [...found.values()].sort((a, b) => a.why.zh.localeCompare(b.why.zh, 'zh') || a.key.localeCompare(b.key));
}
