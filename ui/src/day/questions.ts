// What the operations desk asks the bank.
import { queryOptions } from '@tanstack/react-query';
import { answered, bank, type Schemas } from '../api/client';

export type Day = Schemas['DayView'];
export type Close = Schemas['CloseView'];
export type Certificate = Schemas['CertificateView'];

/** Steps of a close take seconds; while it runs it is looked at each second. */
const WHILE_RUNNING = 1000;

export const dayQuestions = {
  day: queryOptions({
    queryKey: ['day'],
    queryFn: () => answered(bank.GET('/api/v1/day')),
  }),
  close: queryOptions({
    queryKey: ['day', 'close'],
    queryFn: () => answered(bank.GET('/api/v1/day/close')),
    refetchInterval: ({ state }) => (state.data?.running ? WHILE_RUNNING : 15_000),
  }),
  certificates: (query: { cursor?: number; limit?: number }) =>
    queryOptions({
      queryKey: ['day', 'certificates', query],
      queryFn: () => answered(bank.GET('/api/v1/day/certificates', { params: { query } })),
    }),
  certificate: (day: string) =>
    queryOptions({
      queryKey: ['day', 'certificate', day],
      queryFn: () =>
        answered(bank.GET('/api/v1/day/certificates/{day}', { params: { path: { day } } })),
      staleTime: Infinity,
    }),
};
