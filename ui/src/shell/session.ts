// Who is signed in at this window, and what they may do beside matters.
import { createContext, use } from 'react';
import type { Schemas } from '../api/client';

export type Session = Schemas['SessionView'];

export interface Window {
  session: Session;
  /** Reads the session anew: after a password was changed, a factor was set. */
  refresh: () => Promise<void>;
  lock: () => Promise<void>;
  signOut: () => Promise<void>;
}

export const SessionContext = createContext<Window | null>(null);

export function useWindow(): Window {
  const found = use(SessionContext);
  if (!found) throw new Error('only who is signed in sees a page');
  return found;
}

export function useSession(): Session {
  return useWindow().session;
}

/** Functions of the rulebook's access matrix, as the session lists them. */
export function may(session: Session, ...functions: string[]): boolean {
  return functions.some((one) => session.functions.includes(one));
}
