// How sure a value is, in a word.
import { useSpeech } from '../text/text';
import type { TextKey } from '../text/zh';
import { confidence, type Confidence } from './confidence';

const TITLES: Record<Confidence, TextKey> = {
  verified: 'sure_verified',
  secondary: 'sure_secondary',
  memory: 'sure_memory',
  unsure: 'sure_unsure',
  practice: 'sure_practice',
  document: 'sure_document',
};

const LOOKS: Record<Confidence, string> = {
  verified: 'word done',
  secondary: 'word',
  memory: 'word',
  unsure: 'word soon',
  practice: 'word off',
  document: 'word',
};

export function Sure({ source }: { source: string }) {
  const { say } = useSpeech();
  const known = confidence(source);
  return (
    <span className={LOOKS[known]}>
      {known === 'unsure' && '! '}
      {say(TITLES[known])}
    </span>
  );
}
