// A difference in pieces: a sign and a word say what the colour says.
import { useSpeech } from '../text/text';

interface Props {
  pieces: number;
  /** Whether anybody has counted them. */
  counted: boolean;
}

export function Between({ pieces, counted }: Props) {
  const { say } = useSpeech();
  if (!counted && pieces !== 0) return <span className="quiet">{say('not_counted')}</span>;
  if (pieces === 0) return <span className="quiet">{say('agrees_sign')}</span>;
  const over = pieces > 0;
  return (
    <span className={over ? 'word soon' : 'word late'}>
      {over ? '+' : '−'}
      {Math.abs(pieces).toLocaleString()} {say(over ? 'over' : 'short')}
    </span>
  );
}
