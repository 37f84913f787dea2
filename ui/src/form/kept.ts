// What was typed and not yet sent, kept in this browser: a closed window loses nothing.

const BEFORE = 'piaohao.typed.';
/** A form that nobody came back to in this time is forgotten. */
const WEEKS_2 = 14 * 86_400_000;

interface Kept {
  at: number;
  values: Record<string, unknown>;
}

function parsed(text: string | null): Kept | null {
  if (text === null) return null;
  try {
    const kept = JSON.parse(text) as Kept;
    return Date.now() - kept.at < WEEKS_2 ? kept : null;
  } catch {
    return null;
  }
}

export const kept = {
  read: (name: string): Record<string, unknown> | null =>
    parsed(localStorage.getItem(BEFORE + name))?.values ?? null,
  write(name: string, values: Record<string, unknown>): void {
    try {
      localStorage.setItem(BEFORE + name, JSON.stringify({ at: Date.now(), values }));
    } catch {
      // A full or forbidden storage keeps nothing; the page works all the same.
    }
  },
  forget: (name: string): void => localStorage.removeItem(BEFORE + name),
};
