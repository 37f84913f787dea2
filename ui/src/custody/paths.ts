// Where places and things have their pages.
import { about } from '../shell/asked';
import { thingOf } from './thing';

/** Where a place has its own page. */
export function placePath(place: string): string {
  return about('/custody/place', 'of', place);
}

/** One thing, if what was typed names one with its kind, and where it has its page. */
export function placedThing(typed: string): { thing: string; to: string } | null {
  const thing = thingOf('', typed);
  return thing === null ? null : { thing, to: thingPath(thing) };
}

export function thingPath(thing: string): string {
  return about('/custody/thing', 'of', thing);
}
