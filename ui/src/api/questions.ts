// What pages ask the bank, each under its own name, so that two parts of a page that ask the same
// ask once.
import { queryOptions } from '@tanstack/react-query';
import { answered, bank } from './client';
import type { paths } from './schema';

type Query<Path extends keyof paths> = paths[Path] extends {
  get: { parameters: { query?: infer Asked } };
}
  ? NonNullable<Asked>
  : never;

export type MatterQuery = Query<'/api/v1/matters'>;
export type AccountQuery = Query<'/api/v1/accounts'>;
type SearchQuery = Query<'/api/v1/search'>;
export type QueueQuery = Query<'/api/v1/queue'>;

/** What the rulebook says changes rarely: it is asked for once a sitting. */
const RARELY = 10 * 60_000;

export const questions = {
  demonstration: queryOptions({
    queryKey: ['demonstration'],
    queryFn: () => answered(bank.GET('/api/v1/session/demonstration')),
    retry: false,
    staleTime: Infinity,
  }),
  ways: queryOptions({
    queryKey: ['ways'],
    queryFn: () => answered(bank.GET('/api/v1/session/ways')),
    retry: false,
    staleTime: Infinity,
  }),
  kinds: queryOptions({
    queryKey: ['kinds'],
    queryFn: () => answered(bank.GET('/api/v1/matter-kinds')),
    staleTime: RARELY,
  }),
  choices: queryOptions({
    queryKey: ['choices'],
    queryFn: () => answered(bank.GET('/api/v1/choices')),
    staleTime: 60_000,
  }),
  kind: (code: string) =>
    queryOptions({
      queryKey: ['kind', code],
      queryFn: () =>
        answered(bank.GET('/api/v1/matter-kinds/{code}', { params: { path: { code } } })),
      staleTime: RARELY,
    }),
  matter: (id: number) =>
    queryOptions({
      queryKey: ['matter', id],
      queryFn: () => answered(bank.GET('/api/v1/matters/{id}', { params: { path: { id } } })),
    }),
  matters: (query: MatterQuery) =>
    queryOptions({
      queryKey: ['matters', query],
      queryFn: () => answered(bank.GET('/api/v1/matters', { params: { query } })),
    }),
  queue: (query: QueueQuery) =>
    queryOptions({
      queryKey: ['queue', query],
      queryFn: () => answered(bank.GET('/api/v1/queue', { params: { query } })),
    }),
  account: (number: string) =>
    queryOptions({
      queryKey: ['account', number],
      queryFn: () =>
        answered(bank.GET('/api/v1/accounts/{number}', { params: { path: { number } } })),
      retry: false,
    }),
  accounts: (query: AccountQuery) =>
    queryOptions({
      queryKey: ['accounts', query],
      queryFn: () => answered(bank.GET('/api/v1/accounts', { params: { query } })),
    }),
  /** An index that is not there is said at once, and not waited for. */
  search: (query: SearchQuery) =>
    queryOptions({
      queryKey: ['search', query],
      queryFn: ({ signal }) => answered(bank.GET('/api/v1/search', { params: { query }, signal })),
      retry: false,
    }),
  entry: (entry: number) =>
    queryOptions({
      queryKey: ['entry', entry],
      queryFn: () =>
        answered(bank.GET('/api/v1/entries/{entry}', { params: { path: { entry } } })),
    }),
};
