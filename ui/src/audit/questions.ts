// What the audit page asks the bank. To look is noted in the trail, so nothing is asked twice for free.
import { queryOptions } from '@tanstack/react-query';
import { answered, bank, type Schemas } from '../api/client';
import type { paths } from '../api/schema';

export type AuditRow = Schemas['AuditRow'];
export type Chain = Schemas['ChainView'];

type AuditQuery = NonNullable<paths['/api/v1/audit']['get']['parameters']['query']>;

export const audit = (query: AuditQuery) =>
  queryOptions({
    queryKey: ['audit', query],
    queryFn: () => answered(bank.GET('/api/v1/audit', { params: { query } })),
    staleTime: Infinity,
    retry: false,
  });

export const happenings = queryOptions({
  queryKey: ['audit', 'kinds'],
  queryFn: () => answered(bank.GET('/api/v1/audit/kinds')),
  staleTime: Infinity,
  retry: false,
});

/** So many blocks at a time: short enough that one sees it move. */
const PIECE = 2000;

export function prove(from: number): Promise<Chain> {
  const query = { from, limit: PIECE };
  return answered(bank.GET('/api/v1/audit/chain', { params: { query } }));
}
