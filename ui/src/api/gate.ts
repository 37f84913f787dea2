// What stands between a request and the bank: somebody whose session has ended, or whose screen is
// locked, signs in over the page they are on. Requests wait meanwhile and are sent again afterwards,
// so nothing that was typed is lost.

export type Closed = 'sign-in' | 'unlock';

let closed: Closed | null = null;
let waiting: { go: () => void; stop: (why: Error) => void }[] = [];
const watchers = new Set<() => void>();

function tell(): void {
  for (const watcher of watchers) watcher();
}

export const gate = {
  /** For `useSyncExternalStore`. */
  watch: (watcher: () => void): (() => void) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  },
  state: (): Closed | null => closed,
  /** Waits until somebody has opened it again. */
  passes(why: Closed): Promise<void> {
    closed = why;
    tell();
    return new Promise((go, stop) => waiting.push({ go, stop }));
  },
  close(why: Closed): void {
    closed = why;
    tell();
  },
  open(): void {
    const all = waiting;
    waiting = [];
    closed = null;
    tell();
    for (const one of all) one.go();
  },
  /** Nobody will open it: who waits is told so. */
  leave(why: Error): void {
    const all = waiting;
    waiting = [];
    closed = null;
    tell();
    for (const one of all) one.stop(why);
  },
};
