// Rows of the mission: how they may stand, and which of them somebody looks for.
import type { Filters } from '../shell/filters';
import type { MissionRow } from '../rulebook/questions';
import type { TextKey } from '../text/zh';

export const STANDINGS = ['covered', 'not_walked', 'not_served', 'gap'] as const;
export type StandingOf = (typeof STANDINGS)[number];

export const COVER: Record<StandingOf, { title: TextKey; look: string; sign: string }> = {
  covered: { title: 'cover_covered', look: 'word done', sign: '✓' },
  not_walked: { title: 'cover_not_walked', look: 'word soon', sign: '○' },
  not_served: { title: 'cover_not_served', look: 'word off', sign: '–' },
  gap: { title: 'cover_gap', look: 'word off', sign: '·' },
};

export function fits(row: MissionRow, filters: Filters): boolean {
  const { q = '', module = '', tier = '', standing = '' } = filters;
  const wanted = q.trim().toLowerCase();
  // A number of a row means that row, and not all that begin like it.
  const text = /^s\d+$/.test(wanted)
    ? row.row.toLowerCase() === wanted
    : `${row.reference} ${row.zh} ${row.en}`.toLowerCase().includes(wanted);
  return (
    text &&
    (module === '' || row.modules.includes(module)) &&
    (tier === '' || String(row.tier) === tier) &&
    (standing === '' || row.standing === standing)
  );
}

export interface ModuleCount {
  module: string;
  all: number;
  covered: number;
}

export function byModule(rows: readonly MissionRow[], modules: readonly string[]): ModuleCount[] {
  return modules.map((module) => {
    const own = rows.filter((row) => row.modules.includes(module) && row.standing !== 'gap');
    const covered = own.filter((row) => row.standing === 'covered').length;
    return { module, all: own.length, covered };
  });
}
