// What a page is about, where its name may hold dots or slashes: it stands behind the question mark of
// the address, for a path with a dot is taken for a file when the page is loaded anew.
import { useSearch } from 'wouter';

export function useAsked(name: string): string {
  return new URLSearchParams(useSearch()).get(name) ?? '';
}

export function about(path: string, name: string, value: string): string {
  return `${path}?${new URLSearchParams({ [name]: value }).toString()}`;
}
