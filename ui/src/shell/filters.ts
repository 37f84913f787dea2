// What a list leaves out, in the address of its page: it can be linked to, and the way back finds it.
import { useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';

export type Filters = Record<string, string>;

export type Put = (part: Filters) => void;

export function filtersIn(search: string): Filters {
  return Object.fromEntries(new URLSearchParams(search));
}

/** The filters of a page, and how to change some: a list then begins at its first page again. */
export function useFilters(path: string): { filters: Filters; put: Put } {
  const search = useSearch();
  const [, go] = useLocation();
  const filters = useMemo(() => filtersIn(search), [search]);
  const put = (part: Filters) => {
    const next = Object.entries({ ...filters, cursor: '', ...part }).filter(([, value]) => value);
    // Turning to another page is a step that the way back takes; choosing is none.
    go(`${path}?${new URLSearchParams(next).toString()}`, { replace: !part.cursor });
  };
  return { filters, put };
}
