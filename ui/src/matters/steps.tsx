// The steps of a matter from the left to the right, with where it stands. A sign and a word say what
// the colour says.
import type { Schemas } from '../api/client';
import { useNames } from '../form/names';
import { instant } from '../shell/time';
import { useSpeech } from '../text/text';
import { useHandText } from './hands';

type Kind = Schemas['KindView'];
type Matter = Schemas['MatterView'];
type StepState = 'done' | 'now' | 'ahead' | 'passed';

const SIGNS: Record<StepState, string> = { done: '✓', now: '●', ahead: '', passed: '–' };

function stateOf(kind: Kind, at: number, matter?: Matter): StepState {
  if (!matter) return at === 0 ? 'now' : 'ahead';
  const step = kind.steps[at];
  if (!step) return 'ahead';
  if (matter.at === step.name) return 'now';
  const now = kind.steps.findIndex((one) => one.name === matter.at);
  const given = matter.hands.some((hand) => hand.step === step.name);
  const behind = matter.has_ended || at < now;
  if (behind) return given ? 'done' : 'passed';
  return 'ahead';
}

export function Steps({ kind, matter }: { kind: Kind; matter?: Matter }) {
  const { say, name } = useSpeech();
  const names = useNames();
  const text = useHandText();
  const titles = new Map(kind.steps.map((step) => [step.name, step.title]));
  const jumps = (step: Schemas['StepView'], at: number) =>
    step.goes.filter((to) => to !== kind.steps[at + 1]?.name && titles.has(to));
  return (
    <ol className="steps" aria-label={say('steps')}>
      {kind.steps.map((step, at) => {
        const state = stateOf(kind, at, matter);
        const given = (matter?.hands ?? []).filter((hand) => hand.step === step.name);
        return (
          <li
            key={step.name}
            className={state}
            data-sign={SIGNS[state] || at + 1}
            aria-current={state === 'now' ? 'step' : undefined}
          >
            <div className="steps-name">{name(step.title)}</div>
            {given.length > 0
              ? given.map((hand) => (
                  <div key={hand.operator + hand.as} className="steps-note">
                    {names.operator(hand.operator)} {instant(hand.at).slice(5)}
                  </div>
                ))
              : step.hands.map((hand) => (
                  <div key={hand.as} className="steps-note">
                    {text(hand, kind)}
                  </div>
                ))}
            {jumps(step, at).map((to) => (
              <div key={to} className="steps-note">
                {say('or_goes_to', { step: name(titles.get(to) ?? { zh: to, en: to }) })}
              </div>
            ))}
          </li>
        );
      })}
      <li className={matter?.has_ended ? 'done' : 'ahead'} data-sign={matter?.has_ended ? '✓' : '◇'}>
        <div className="steps-name">
          {matter?.has_ended ? name(matter.at_title) : name(kind.ends[0]?.title ?? { zh: '', en: '' })}
        </div>
        {matter?.ended && <div className="steps-note">{matter.ended}</div>}
      </li>
    </ol>
  );
}
