// Kinds of files of the rulebook, and how far they are, in words.
import type { TextKey } from '../text/zh';

const KINDS: Record<string, TextKey> = {
  matter: 'matter',
  number: 'parameter',
  report: 'file_report',
  account_kind: 'account_kind',
  accounts: 'file_accounts',
  stock: 'file_stock',
  places: 'file_places',
  posts: 'posts',
  denominations: 'file_denominations',
  layout: 'file_layout',
  retention: 'file_retention',
  units: 'file_units',
  access: 'file_access',
  data: 'file_data',
};

const STANDINGS: Record<string, TextKey> = {
  draft: 'file_draft',
  live: 'file_live',
  retired: 'file_retired',
};

export function kindTitle(kind: string): TextKey | null {
  return KINDS[kind] ?? null;
}

export function standingTitle(standing: string): TextKey | null {
  return STANDINGS[standing] ?? null;
}
