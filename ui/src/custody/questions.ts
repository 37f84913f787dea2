// What the pages of custody ask the bank.
import { queryOptions } from '@tanstack/react-query';
import { answered, bank, type Schemas } from '../api/client';

export type PlaceHead = Schemas['PlaceHead'];
export type PlaceView = Schemas['PlaceView'];
export type ThingView = Schemas['ThingView'];

/** The most that the bank tells at once. */
const PAGE = 500;

const HISTORY_PAGE = 50;

/** Every place at and below an institution: sums are only right over all of them. */
async function allPlaces(institution: string): Promise<PlaceHead[]> {
  const all: PlaceHead[] = [];
  let cursor = '';
  do {
    const query = { institution, cursor, limit: PAGE };
    const page = await answered(bank.GET('/api/v1/places', { params: { query } }));
    all.push(...page.places);
    cursor = page.cursor ?? '';
  } while (cursor !== '');
  return all;
}

export const custody = {
  places: (institution: string) =>
    queryOptions({
      queryKey: ['places', institution],
      queryFn: () => allPlaces(institution),
    }),
  place: (place: string) =>
    queryOptions({
      queryKey: ['place', place],
      queryFn: () =>
        answered(bank.GET('/api/v1/places/{place}', { params: { path: { place } } })),
    }),
  thing: (thing: string) =>
    queryOptions({
      queryKey: ['thing', thing],
      queryFn: () =>
        answered(bank.GET('/api/v1/things/{thing}', { params: { path: { thing } } })),
      retry: false,
    }),
  history: (thing: string, cursor: string) =>
    queryOptions({
      queryKey: ['thing', thing, 'history', cursor],
      queryFn: () =>
        answered(
          bank.GET('/api/v1/things/{thing}/history', {
            params: { path: { thing }, query: { limit: HISTORY_PAGE, cursor } },
          }),
        ),
      retry: false,
      // The index follows the books by a moment.
      refetchInterval: ({ state }) => (state.data?.complete === false ? 2000 : false),
    }),
};
