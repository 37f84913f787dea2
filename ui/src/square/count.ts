// A count against the books: which notes are over or short, which numbers are missing or too many.
import { noteKey, type Counts, type NoteClass } from '../form/notes';
import { parseRange, written, type SerialRange } from '../form/serial';

export interface Noted {
  denomination: string;
  class: string;
  pieces: number;
}

/** What a place holds, as counts are kept. */
export function bookOf(notes: readonly Noted[]): Counts {
  return Object.fromEntries(
    notes
      .filter((note) => note.pieces > 0)
      .map((note) => [noteKey(note.denomination, note.class as NoteClass), note.pieces]),
  );
}

/** What the books have and nobody has counted yet: no difference, only not known. */
export function uncounted(book: Counts, counted: Counts): string[] {
  return Object.keys(book).filter((key) => !(key in counted));
}

/** Counted less booked, by denomination and class, of what was counted; nothing where they agree. */
export function differences(book: Counts, counted: Counts): Counts {
  const all = Object.entries(counted).map(([key, pieces]): [string, number] => [
    key,
    pieces - (book[key] ?? 0),
  ]);
  return Object.fromEntries(all.filter(([, pieces]) => pieces !== 0));
}

/** Over and short apart: one never makes up for the other. */
export function overAndShort(difference: Counts): { over: Counts; short: Counts } {
  const of = (sign: number) =>
    Object.fromEntries(
      Object.entries(difference)
        .filter(([, pieces]) => pieces * sign > 0)
        .map(([key, pieces]) => [key, pieces * sign]),
    );
  return { over: of(1), short: of(-1) };
}

/** The parts of some ranges that lie in none of others. */
function without(some: readonly SerialRange[], others: readonly SerialRange[]): SerialRange[] {
  let left = [...some];
  for (const { kind, prefix, from, to } of others) {
    left = left.flatMap((one) => {
      if (one.kind !== kind || one.prefix !== prefix || one.to < from || one.from > to) return [one];
      const parts: SerialRange[] = [];
      if (one.from < from) parts.push({ ...one, to: from - 1n });
      if (one.to > to) parts.push({ ...one, from: to + 1n });
      return parts;
    });
  }
  return left;
}

function read(texts: readonly string[]): SerialRange[] {
  return texts.map(parseRange).filter((range) => range !== null);
}

export interface Numbers {
  missing: string[];
  extra: string[];
}

export function numbersApart(book: readonly string[], counted: readonly string[]): Numbers {
  const [booked, seen] = [read(book), read(counted)];
  return {
    missing: without(booked, seen).map(written),
    extra: without(seen, booked).map(written),
  };
}
