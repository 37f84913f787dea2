// What a link gives to the form that it opens: values of fields by their names, or a place, a thing
// or an operator for whichever field takes it. Nothing is sent by it: who opens the form still does.
import type { Field, Values } from './field';

/** Fields whose value is a list. */
const LISTS = ['note_counts', 'serials', 'operators'];

/** Names for what the link does not know the field of. */
export const PLACE = '@place';
export const THING = '@thing';

const THINGS = ['thing', 'serials'];

export function takes(field: Field, kind: string): boolean {
  return (field.of ?? []).length === 0 || (field.of ?? []).includes(kind);
}

/** The field of a form that a place of some kind belongs in. */
export function fieldForPlace(fields: readonly Field[], kind: string): Field | undefined {
  const places = fields.filter((field) => field.type === 'place' && !field.computed);
  return places.find((field) => field.of?.includes(kind)) ?? places.find((field) => takes(field, kind));
}

/** The field of a form that a thing of some kind of stock belongs in. */
export function fieldForThing(fields: readonly Field[], kind: string): Field | undefined {
  return fields.find(
    (field) => THINGS.includes(field.type) && !field.computed && (field.of ?? []).includes(kind),
  );
}

function valueOf(field: Field, text: string): unknown {
  return LISTS.includes(field.type) ? text.split(',').filter(Boolean) : text;
}

/** The kind of a place is the second part of its name, that of a thing the first. */
function kindIn(text: string, sign: string, part: number): string {
  return text.split(sign)[part] ?? '';
}

export function given(fields: readonly Field[], search: string): Values {
  const out: Values = {};
  for (const [name, text] of new URLSearchParams(search)) {
    const field =
      name === PLACE
        ? fieldForPlace(fields, kindIn(text, '/', 1))
        : name === THING
          ? fieldForThing(fields, kindIn(text, ':', 0))
          : fields.find((one) => one.name === name);
    if (field) out[field.name] = valueOf(field, text);
  }
  return out;
}
