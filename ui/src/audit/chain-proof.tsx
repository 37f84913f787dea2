// 日志链校验: piece by piece to the newest block, so that one sees it go on and may stop it.
import { Alert, Button, Progress } from 'antd';
import { useRef, useState } from 'react';
import { Refusal } from '../shell/parts';
import { useSpeech } from '../text/text';
import type { TextKey } from '../text/zh';
import { prove, type Chain } from './questions';

/** Read anew each time: it is pressed while a piece is being proved. */
const stops = (stop: { current: boolean }) => stop.current;

const WRONG: Record<string, TextKey> = {
  missing: 'broken_missing',
  content: 'broken_content',
  link: 'broken_link',
};

export function ChainProof() {
  const { say } = useSpeech();
  const [seen, setSeen] = useState<Chain | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const stop = useRef(false);
  const run = async () => {
    setBusy(true);
    setError(null);
    setSeen(null);
    stop.current = false;
    try {
      let next: number | null = 1;
      do {
        const piece: Chain = await prove(next);
        setSeen(piece);
        next = piece.cursor ?? null;
      } while (next !== null && !stops(stop));
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  const whole = seen !== null && seen.sound && (seen.cursor ?? null) === null;
  return (
    <section className="panel" aria-labelledby="chain">
      <div className="bar">
        <h2 id="chain" style={{ fontSize: 14, margin: 0 }}>
          {say('chain')}
        </h2>
        <span className="quiet" style={{ flex: 1 }}>
          {say('chain_about')}
        </span>
        {busy ? (
          <Button onClick={() => (stop.current = true)}>{say('stop_proving')}</Button>
        ) : (
          <Button type="primary" onClick={() => void run()}>
            {say('prove_chain')}
          </Button>
        )}
      </div>
      <Refusal error={error} />
      {seen && (
        <div role="status" style={{ marginTop: 8 }}>
          {busy && (
            <Progress
              size="small"
              percent={Math.floor((100 * seen.until) / Math.max(seen.tip, 1))}
              aria-label={say('chain')}
            />
          )}
          {whole ? (
            <span className="word done">✓ {say('chain_sound', { n: seen.until })}</span>
          ) : (
            <span className="number">{say('chain_so_far', { n: seen.until, of: seen.tip })}</span>
          )}{' '}
          {seen.sound && (
            <span className="audit-hash quiet">
              {say('chain_hash')} {seen.hash}
            </span>
          )}
          <Broken chain={seen} />
        </div>
      )}
    </section>
  );
}

function Broken({ chain }: { chain: Chain }) {
  const { say } = useSpeech();
  if (chain.sound) return null;
  const why = WRONG[chain.broken ?? ''];
  const n = chain.broken_at ?? chain.until + 1;
  return (
    <Alert
      role="alert"
      type="error"
      showIcon
      title={say('chain_broken', { n, why: why ? say(why) : (chain.broken ?? '') })}
    />
  );
}
