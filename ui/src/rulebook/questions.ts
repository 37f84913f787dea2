// What the pages of the rulebook ask the bank. The rulebook in force rarely changes.
import { queryOptions } from '@tanstack/react-query';
import { answered, bank, type Schemas } from '../api/client';

export type FileView = Schemas['FileView'];
export type Finding = Schemas['FindingView'];
export type MissionRow = Schemas['MissionRow'];

const RARELY = 10 * 60_000;

export const rulebook = {
  whole: queryOptions({
    queryKey: ['rulebook'],
    queryFn: () => answered(bank.GET('/api/v1/rulebook')),
    staleTime: RARELY,
  }),
  file: (path: string) =>
    queryOptions({
      queryKey: ['rulebook-file', path],
      queryFn: () =>
        answered(bank.GET('/api/v1/rulebook/files/{path}', { params: { path: { path } } })),
      staleTime: RARELY,
    }),
  check: queryOptions({
    queryKey: ['rulebook-check'],
    queryFn: () => answered(bank.GET('/api/v1/rulebook/check')),
    staleTime: RARELY,
  }),
  coverage: queryOptions({
    queryKey: ['coverage'],
    queryFn: () => answered(bank.GET('/api/v1/coverage')),
    staleTime: RARELY,
  }),
};
