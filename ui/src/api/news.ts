// When to look again. The bank tells of the queue and of the day as they change; what it does not tell
// of is asked for at intervals while it is looked at, and so is everything where the stream is broken.
import { gate } from './gate';

const ASKED = 15_000;

/** What is told needs no asking, but for what was missed. */
const TOLD = 60_000;

/** After a refusal: the session has ended, or there are streams enough. */
const ANEW = 30_000;

let live = false;

/** For `useQuery`: what others did shows within so many milliseconds. */
export const news = { refetchInterval: ASKED, refetchOnWindowFocus: true } as const;

/** The same for what the stream tells of. */
export const told = {
  refetchInterval: () => (live ? TOLD : ASKED),
  refetchOnWindowFocus: true,
} as const;

export type Told = 'queue' | 'day';

const ALL: readonly Told[] = ['queue', 'day'];

/** Listens while the page is looked at and its door is open; answers how to stop. */
export function listen(heard: (what: Told) => void): () => void {
  const last = new Map<Told, string>();
  let stream: EventSource | null = null;
  let later = 0;

  const close = () => {
    window.clearTimeout(later);
    stream?.close();
    stream = null;
    live = false;
  };
  const open = () => {
    const next = new EventSource('/api/v1/events');
    next.onopen = () => (live = true);
    next.onerror = () => {
      live = false;
      // What broke off comes again by itself; what was refused does not.
      if (next.readyState !== EventSource.CLOSED) return;
      close();
      later = window.setTimeout(change, ANEW);
    };
    for (const what of ALL) {
      next.addEventListener(what, ({ data }: MessageEvent<string>) => {
        const before = last.get(what);
        last.set(what, data);
        // The first says how things stand, which the page has just asked.
        if (before !== undefined && before !== data) heard(what);
      });
    }
    stream = next;
  };
  const change = () => {
    const wanted = !document.hidden && gate.state() === null;
    if (wanted && !stream) open();
    if (!wanted) close();
  };

  document.addEventListener('visibilitychange', change);
  const unwatch = gate.watch(change);
  change();
  return () => {
    document.removeEventListener('visibilitychange', change);
    unwatch();
    close();
  };
}
