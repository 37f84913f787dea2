// What a page is about, where its name may hold slashes or end like a file, as those of places and of
// the rulebook do: it stands behind the question mark of the address, where neither means anything.
import { useSearch } from 'wouter';

export function useAsked(name: string): string {
  return new URLSearchParams(useSearch()).get(name) ?? '';
}

export function about(path: string, name: string, value: string): string {
  return `${path}?${new URLSearchParams({ [name]: value }).toString()}`;
}
