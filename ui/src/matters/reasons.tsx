// Why a matter is as it is: the rulebook's own reason and source, for who asks.
import type { Schemas } from '../api/client';
import { useSpeech } from '../text/text';

export function Reasons({ kind }: { kind: Schemas['KindView'] }) {
  const { say, name } = useSpeech();
  return (
    <details className="quiet">
      <summary>{say('why')}</summary>
      <p style={{ margin: '4px 0' }}>
        {name(kind.why)} ({say('source')} {kind.source})
      </p>
    </details>
  );
}
