// A place in words: those that the bank keeps, and those where things end.
import { useCallback } from 'react';
import { useNames } from '../form/names';
import { useSpeech } from '../text/text';
import type { TextKey } from '../text/zh';

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
