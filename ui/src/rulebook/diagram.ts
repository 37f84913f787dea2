// The steps of a matter as a picture: boxes from the left to the right, arrows from each to the next,
// and bows for where a step may go besides: forward above, back below.
import type { Schemas } from '../api/client';

type Kind = Schemas['KindView'];

export const BOX = { width: 148, height: 58, gap: 44, margin: 14 };

/** How much higher each further bow runs, so that none lies on another. */
const BOW = 20;

export interface Node {
  name: string;
  /** `[done]` and its like. */
  isEnd: boolean;
  x: number;
  y: number;
}

export interface Arrow {
  key: string;
  path: string;
  bow: 'none' | 'above' | 'below';
}

export interface Diagram {
  nodes: Node[];
  arrows: Arrow[];
  width: number;
  height: number;
}

interface Way {
  from: number;
  to: number;
}

/** Names of steps and ends, as `goes` has them. */
function names(kind: Kind): string[] {
  const reached = new Set(kind.steps.flatMap((step) => step.goes));
  const ends = kind.ends.map((end) => `[${end.name}]`);
  const shown = ends.filter((end, at) => at === 0 || reached.has(end));
  return [...kind.steps.map((step) => step.name), ...shown];
}

function waysOf(kind: Kind, all: readonly string[], away: ReadonlySet<string>): Way[] {
  return kind.steps.flatMap((step, from) => {
    const named = step.goes.map((to) => all.indexOf(to)).filter((to) => to >= 0);
    const next = away.has(step.name) ? [] : [from + 1];
    return [...new Set([...next, ...named])].map((to) => ({ from, to }));
  });
}

/** Bows in one direction: short ones lie lower than long ones over them. */
function levels(ways: readonly Way[]): Map<Way, number> {
  const sorted = [...ways].sort((a, b) => Math.abs(a.to - a.from) - Math.abs(b.to - b.from));
  return new Map(sorted.map((way, at) => [way, at + 1]));
}

/** `away`: steps that never go on to the one behind them. */
export function diagram(kind: Kind, away: ReadonlySet<string> = new Set()): Diagram {
  const all = names(kind);
  const ways = waysOf(kind, all, away).filter(({ from, to }) => to < all.length && from !== to);
  const above = levels(ways.filter(({ from, to }) => to > from + 1));
  const below = levels(ways.filter(({ from, to }) => to < from));
  const top = BOX.margin + above.size * BOW;
  const x = (at: number) => BOX.margin + at * (BOX.width + BOX.gap);
  const middle = top + BOX.height / 2;
  const arrows = ways.map((way): Arrow => {
    const { from, to } = way;
    const key = `${from}-${to}`;
    if (to === from + 1) {
      return { key, path: `M ${x(from) + BOX.width} ${middle} H ${x(to) - 2}`, bow: 'none' };
    }
    const isForward = to > from;
    const edge = isForward ? top : top + BOX.height;
    const level = (isForward ? above : below).get(way) ?? 1;
    const far = isForward ? edge - level * BOW : edge + level * BOW;
    const start = x(from) + BOX.width / 2 + (isForward ? 14 : -14);
    const end = x(to) + BOX.width / 2 + (isForward ? -14 : 14);
    const tip = isForward ? edge - 2 : edge + 2;
    return { key, path: `M ${start} ${edge} V ${far} H ${end} V ${tip}`, bow: isForward ? 'above' : 'below' };
  });
  return {
    nodes: all.map((name, at) => ({ name, isEnd: name.startsWith('['), x: x(at), y: top })),
    arrows,
    width: x(all.length) - BOX.gap + BOX.margin,
    height: top + BOX.height + below.size * BOW + BOX.margin,
  };
}
