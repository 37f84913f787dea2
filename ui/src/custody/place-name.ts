// A place in words: those that the bank keeps, and those where things end.
import { useCallback } from 'react';
import { useNames } from '../form/names';
import { about } from '../shell/asked';
import { useSpeech } from '../text/text';
import type { TextKey } from '../text/zh';
import { thingOf } from './thing';

const ENDS: Record<string, TextKey> = {
  used: 'place_used',
  destroyed: 'place_destroyed',
  lost: 'place_lost',
  outside: 'place_outside',
};

export function usePlaceName(): (place: string) => string {
  const { say } = useSpeech();
  const names = useNames();
  return useCallback(
    (place) => {
      const end = ENDS[place];
      if (end) return say(end);
      const [head = '', ...rest] = place.split('/');
      if (head === 'customer') return `${say('place_customer')} · ${rest.join('/')}`;
      return names.place(place);
    },
    [say, names],
  );
}

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
