// Where the words that were looked for stand in what was found: read as the index reads it, small
// letters and wide forms as plain ones.
import { narrow } from '../text/narrow';

export interface Piece {
  text: string;
  isMarked: boolean;
}

function plain(text: string): string {
  const small = narrow(text).toLowerCase();
  return small.length === text.length ? small : text;
}

/** A Chinese text that does not stand there whole was found by words within it. */
function within(word: string): string[] {
  if (!/^\p{Script=Han}{3,}$/u.test(word)) return [];
  const signs = Array.from(word);
  return signs.slice(1).map((sign, at) => (signs[at] ?? '') + sign);
}

export function marks(text: string, wanted: string): Piece[] {
  const small = plain(text);
  const isMarked = new Array<boolean>(text.length).fill(false);
  for (const word of plain(wanted).split(/\s+/).filter(Boolean)) {
    for (const part of small.includes(word) ? [word] : within(word)) {
      for (let at = small.indexOf(part); at >= 0; at = small.indexOf(part, at + 1)) {
        isMarked.fill(true, at, at + part.length);
      }
    }
  }
  const pieces: Piece[] = [];
  for (const [at, marked] of isMarked.entries()) {
    const last = pieces.at(-1);
    if (last?.isMarked === marked) last.text += text.charAt(at);
    else pieces.push({ text: text.charAt(at), isMarked: marked });
  }
  return pieces;
}
