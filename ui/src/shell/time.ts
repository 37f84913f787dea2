// Instants of the interface (microseconds) as a clerk reads them: in the bank's own time.

const BANK = 'Asia/Shanghai';

const parts = new Intl.DateTimeFormat('sv-SE', {
  timeZone: BANK,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
});

/** "2026-01-05 09:30" */
export function instant(micros: number): string {
  return parts.format(new Date(micros / 1000));
}

/** Whole minutes between now and then; negative when then has passed. */
export function minutesUntil(micros: number, now: number = Date.now()): number {
  return Math.floor((micros / 1000 - now) / 60_000);
}
