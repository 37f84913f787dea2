// The three counts of a day (一日三碰库), and the rulebook's matter of each.
import type { TextKey } from '../text/zh';

export type Occasion = 'opening' | 'noon' | 'closing';

export const CHECK = 'CASH-013';
export const CLOSE = 'CASH-014';

export const OCCASIONS = [
  { occasion: 'opening', code: CHECK, title: 'occasion_opening' },
  { occasion: 'noon', code: CHECK, title: 'occasion_noon' },
  { occasion: 'closing', code: CLOSE, title: 'occasion_closing' },
] as const satisfies readonly { occasion: Occasion; code: string; title: TextKey }[];
