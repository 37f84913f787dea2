// What the bank tells of makes the pages look again.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { listen, type Told } from '../api/news';

/** The questions whose answers each kind of news changes. */
const CHANGED: Record<Told, readonly string[]> = {
  queue: ['queue', 'matter', 'status'],
  day: ['session', 'day', 'status'],
};

export function useListening(): void {
  const queries = useQueryClient();
  useEffect(
    () =>
      listen((what) => {
        for (const key of CHANGED[what]) void queries.invalidateQueries({ queryKey: [key] });
      }),
    [queries],
  );
}
