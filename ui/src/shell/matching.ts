// Which kinds of matter answer to what somebody typed: every word must be in its name or its code.
import type { Schemas } from '../api/client';

export function matching(
  kinds: readonly Schemas['KindHead'][],
  wanted: string,
): Schemas['KindHead'][] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = kinds.filter((kind) => {
    const text = `${kind.code} ${kind.title.zh} ${kind.title.en}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  // What one may open oneself is what one looks for.
  return fits.sort((a, b) => Number(b.may_open) - Number(a.may_open) || a.code.localeCompare(b.code));
}
