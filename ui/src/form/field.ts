// What fields of a matter hold while they are typed into, and what of it is sent.
import type { Schemas } from '../api/client';
import type { Session } from '../shell/session';
import type { Choices } from './names';

export type Field = Schemas['FieldView'];
export type Values = Record<string, unknown>;

/** Fields that take the whole width of a form. */
const WIDE = ['note_counts', 'rows', 'serials', 'attachment'];

export function isWide(field: Field): boolean {
  return WIDE.includes(field.type);
}

export function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

function isRow(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Only what was filled in goes to the bank; a row that says nothing is none. */
export function sent(fields: readonly Field[], values: Values): Values {
  const out: Values = {};
  for (const field of fields) {
    const value = values[field.name];
    if (field.type === 'rows' && Array.isArray(value)) {
      const rows = value.filter(isRow).map((row) => sent(field.columns ?? [], row));
      const some = rows.filter((row) => Object.keys(row).length > 0);
      if (some.length > 0) out[field.name] = some;
    } else if (!isEmpty(value)) {
      out[field.name] = value;
    }
  }
  return out;
}

/** What the rulebook proposes. */
export function proposed(fields: readonly Field[], session: Session, choices: Choices): Values {
  const box = choices.places.find((place) => place.keeper === session.operator)?.place;
  const known: Record<string, string | undefined> = {
    '@today': session.business_date,
    '@operator': session.operator,
    '@institution': session.institution,
    '@own_box': box,
    '@number': undefined,
  };
  const out: Values = {};
  for (const { name, default: value, type, of, optional } of fields) {
    // Where there is one place only, nobody need choose it.
    const places = type === 'place' && !optional ? choices.places : [];
    const [only, other] = places.filter((place) => !of?.length || of.includes(place.kind));
    if (only && !other) out[name] = only.place;
    if (!value) continue;
    const text = value.startsWith('@') ? known[value] : value;
    if (text !== undefined) out[name] = text;
  }
  return out;
}

/** The field of a form that a refusal points at: `notes`, or the first part of `rows[2].amount`. */
export function fieldAt(fields: readonly Field[], path: string): string | null {
  const own = path.replace(/^fields\./, '');
  const first = own.split(/[[.]/)[0] ?? '';
  return fields.some((field) => field.name === first) ? first : null;
}
