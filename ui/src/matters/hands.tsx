// Whose hands a step takes, in words.
import type { Schemas } from '../api/client';
import { useNames } from '../form/names';
import { useSpeech } from '../text/text';

type Step = Schemas['StepView'];

export function handsOf(step: Step): number {
  return step.hands.reduce((sum, hand) => sum + hand.count, 0);
}

export function useHandText(): (hand: Schemas['HandView'], kind: Schemas['KindView']) => string {
  const { name, say } = useSpeech();
  const names = useNames();
  return (hand, kind) => {
    const role = name({ zh: hand.role_zh, en: hand.as });
    const times = hand.count > 1 ? ` ×${hand.count}` : '';
    const named = kind.fields.find((field) => field.name === hand.who);
    const posts = [...new Set(hand.posts.map((band) => band.post).filter((post) => post))];
    const who = named
      ? say('named_in', { field: name(named.title) })
      : posts.map((post) => names.post(post ?? '')).join(' / ');
    return who ? `${role}${times}：${who}` : `${role}${times}`;
  };
}

export function Needed({ needed }: { needed: readonly Schemas['NeededView'][] }) {
  const { name, say } = useSpeech();
  const names = useNames();
  if (needed.length === 0) return null;
  const texts = needed.map((one) => {
    const who = one.who.length > 0 ? one.who.map(names.operator).join('、') : names.post(one.post ?? '');
    return `${name({ zh: one.role_zh, en: one.as })} ×${one.count} ${who}`.trim();
  });
  return (
    <div>
      <span className="quiet">{say('still_needed')}</span> {texts.join('；')}
    </div>
  );
}
