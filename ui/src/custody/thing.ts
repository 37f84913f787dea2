// Numbers of things as they are typed.
import { pieces, range, parseRange, serial, type SerialRange } from '../form/serial';

/** One thing: of the kind that was chosen, or of the one that was typed before a colon. */
export function thingOf(kind: string, typed: string): string | null {
  const plain = typed.trim().replace('：', ':');
  const read = plain.includes(':') ? parseRange(plain) : range(kind, plain.toUpperCase(), '');
  if (!read || pieces(read) !== 1n) return null;
  return `${read.kind}:${serial(read.prefix, read.from)}`;
}

/** Whether a number, with or without what stands before its digits, lies in a range. */
export function contains(within: SerialRange, typed: string): boolean {
  const found = /^([^\d]*)(\d+)$/.exec(typed.trim().toUpperCase());
  if (!found) return false;
  const [, prefix = '', digits = ''] = found;
  const number = BigInt(digits);
  const fits = prefix === '' || prefix === within.prefix.toUpperCase();
  return fits && within.from <= number && number <= within.to;
}
