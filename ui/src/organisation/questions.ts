// What the pages of the organisation ask the bank.
import { queryOptions } from '@tanstack/react-query';
import { answered, bank, type Schemas } from '../api/client';

export type Institution = Schemas['InstitutionView'];
export type OperatorHead = Schemas['OperatorHead'];
export type OperatorView = Schemas['OperatorView'];
export type Post = Schemas['PostTitle'];
export type Right = Schemas['RightView'];
export type Rights = Schemas['RightsView'];

export interface OperatorQuery {
  institution?: string;
  post?: string;
  standing?: string;
  q?: string;
  cursor?: string;
  limit?: number;
}

/** What the rulebook says changes rarely. */
const RARELY = 10 * 60_000;

export const organisation = {
  institutions: queryOptions({
    queryKey: ['institutions'],
    queryFn: () => answered(bank.GET('/api/v1/institutions')),
  }),
  operators: (query: OperatorQuery) =>
    queryOptions({
      queryKey: ['operators', query],
      queryFn: () => answered(bank.GET('/api/v1/operators', { params: { query } })),
    }),
  operator: (operator: string) =>
    queryOptions({
      queryKey: ['operator', operator],
      queryFn: () =>
        answered(bank.GET('/api/v1/operators/{operator}', { params: { path: { operator } } })),
    }),
  posts: queryOptions({
    queryKey: ['posts'],
    queryFn: () => answered(bank.GET('/api/v1/posts')),
    staleTime: RARELY,
  }),
  rights: (query: { post?: string; matter?: string }) =>
    queryOptions({
      queryKey: ['rights', query],
      queryFn: () => answered(bank.GET('/api/v1/rights', { params: { query } })),
      staleTime: RARELY,
    }),
};
