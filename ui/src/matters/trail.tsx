// 流转记录: who did what and when, the latest first.
import type { Schemas } from '../api/client';
import { useNames } from '../form/names';
import { instant } from '../shell/time';
import { useSpeech } from '../text/text';
import { zh, type TextKey } from '../text/zh';

interface Props {
  kind: Schemas['KindView'];
  trace: readonly Schemas['TraceView'][];
}

function isText(key: string): key is TextKey {
  return key in zh;
}

export function Trail({ kind, trace }: Props) {
  const { say, name } = useSpeech();
  const names = useNames();
  const word = (what: string): string => {
    const step = kind.steps.find((one) => one.name === what);
    if (step) return name(step.title);
    const key = `verb_${what.replaceAll('-', '_')}`;
    return isText(key) ? say(key) : what;
  };
  return (
    <ol className="trail" reversed>
      {[...trace].reverse().map((one, at) => (
        <li key={at}>
          <div>
            <strong>{word(one.what)}</strong> {names.operator(one.by)}{' '}
            <span className="quiet">{one.by}</span>
          </div>
          <div className="quiet number">{instant(one.at)}</div>
          {one.note && <div>{one.note}</div>}
        </li>
      ))}
    </ol>
  );
}
