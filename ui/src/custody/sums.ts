// The places of the bank as a map: by institution, with what each group of them holds in cash.
import { added, decimals, minor } from '../form/amount';
import type { PlaceHead } from './questions';

export interface Group {
  /** Code of the institution; '' for what is no institution's: used up, destroyed, with customers. */
  institution: string;
  cash: string;
  places: PlaceHead[];
}

export function cashOf(places: readonly PlaceHead[]): string {
  return added(places.map((place) => place.cash));
}

/** Those of institutions by their codes, and last what lies with none. */
export function byInstitution(places: readonly PlaceHead[]): Group[] {
  const groups = new Map<string, PlaceHead[]>();
  for (const place of places) {
    const institution = place.institution ?? '';
    groups.set(institution, [...(groups.get(institution) ?? []), place]);
  }
  const codes = [...groups.keys()].sort((a, b) =>
    a === '' ? 1 : b === '' ? -1 : a.localeCompare(b),
  );
  return codes.map((institution) => {
    const own = groups.get(institution) ?? [];
    return { institution, cash: cashOf(own), places: own };
  });
}

export interface KindSum {
  kind: string;
  zh: string;
  en: string;
  places: number;
  cash: string;
}

/** Each kind of place with its cash, that with the most first. */
export function byKind(places: readonly PlaceHead[]): KindSum[] {
  const kinds = new Map<string, PlaceHead[]>();
  for (const place of places) {
    if (place.kind) kinds.set(place.kind, [...(kinds.get(place.kind) ?? []), place]);
  }
  const sums = [...kinds].map(([kind, own]) => ({
    kind,
    zh: own[0]?.kind_zh ?? kind,
    en: own[0]?.kind_en ?? kind,
    places: own.length,
    cash: cashOf(own),
  }));
  return sums.sort((a, b) => {
    const digits = decimals(a.cash);
    const difference = minor(b.cash, digits) - minor(a.cash, digits);
    return difference > 0n ? 1 : difference < 0n ? -1 : a.kind.localeCompare(b.kind);
  });
}

export interface Wanted {
  kind: string;
  stock: string;
  text: string;
}

/** Whether a place is what somebody looks for; `told` is how it is shown. */
export function fits(place: PlaceHead, wanted: Wanted, told: string): boolean {
  const text = `${place.place} ${told} ${place.keeper}`.toLowerCase();
  return (
    (wanted.kind === '' || place.kind === wanted.kind) &&
    (wanted.stock === '' || place.kinds.includes(wanted.stock)) &&
    text.includes(wanted.text.trim().toLowerCase())
  );
}
