// Whether an operator may sign in, in a word.
import { useSpeech } from '../text/text';
import type { TextKey } from '../text/zh';

export const STANDINGS = ['active', 'locked', 'stopped'] as const;

const TITLES: Record<string, TextKey> = {
  active: 'standing_active',
  locked: 'standing_locked',
  stopped: 'standing_stopped',
};

export function standingTitle(standing: string): TextKey | null {
  return TITLES[standing] ?? null;
}

export function Standing({ standing }: { standing: string }) {
  const { say } = useSpeech();
  const title = standingTitle(standing);
  const look = standing === 'active' ? 'word done' : standing === 'locked' ? 'word late' : 'word off';
  return <span className={look}>{title ? say(title) : standing}</span>;
}
