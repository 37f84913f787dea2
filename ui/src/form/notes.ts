// 券别张数: how many pieces of which denomination and class, `100:50` or `10/unfit:5`.
import { decimals, fromMinor, minor } from './amount';

export const CLASSES = ['fit', 'unfit', 'mint', 'unsorted'] as const;
export type NoteClass = (typeof CLASSES)[number];

/** Pieces by denomination and class, under `100` and `100/unfit`. */
export type Counts = Record<string, number>;

export function noteKey(denomination: string, of: NoteClass): string {
  return of === 'fit' ? denomination : `${denomination}/${of}`;
}

export function parseNotes(list: readonly string[]): Counts {
  const counts: Counts = {};
  for (const text of list) {
    const at = text.lastIndexOf(':');
    const count = Number(text.slice(at + 1));
    const key = text.slice(0, at).trim();
    if (at > 0 && Number.isSafeInteger(count) && count > 0) counts[key] = (counts[key] ?? 0) + count;
  }
  return counts;
}

export function writtenNotes(counts: Counts): string[] {
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return some.map(([key, count]) => `${key}:${String(count)}`);
}

/** What the pieces are worth, with the decimals of their unit; `faces` by denomination. */
export function worth(counts: Counts, faces: ReadonlyMap<string, string>): string {
  const digits = Math.max(0, ...[...faces.values()].map(decimals));
  let sum = 0n;
  for (const [key, count] of Object.entries(counts)) {
    const face = faces.get(key.split('/')[0] ?? '');
    if (face !== undefined) sum += minor(face, digits) * BigInt(count);
  }
  return fromMinor(sum, digits);
}
