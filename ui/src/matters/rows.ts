// Rows of a list: a matter, and what its fields hold where that was asked for.
import type { Schemas } from '../api/client';
import type { Values } from '../form/field';
import type { Head } from './columns';

export interface Row {
  head: Head;
  values: Values;
}

export function rowsOf(page: Schemas['MatterPage'] | undefined): Row[] {
  return (page?.matters ?? []).map((head, at) => ({ head, values: page?.values[at] ?? {} }));
}
