// What the count comes to: it agrees, or it is over or short, and what the rulebook has for that.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { questions } from '../api/questions';
import type { PlaceView } from '../custody/questions';
import { grouped } from '../form/amount';
import { useChoices } from '../form/names';
import { worth, writtenNotes, type Counts } from '../form/notes';
import { useSpeech } from '../text/text';
import { differences, overAndShort, uncounted, type Numbers } from './count';

/** 网点长短款登记挂账. */
const OVER_OR_SHORT = 'CASH-070';

interface Props {
  box: PlaceView;
  book: Counts;
  counted: Counts;
  numbers: Numbers;
}

export function Outcome({ box, book, counted, numbers }: Props) {
  const { say } = useSpeech();
  const { denominations, base_unit } = useChoices();
  const { over, short } = overAndShort(differences(book, counted));
  const faces = new Map(denominations.map((one) => [one.code, one.face]));
  const left = uncounted(book, counted).length;
  const even = left + Object.keys(over).length + Object.keys(short).length === 0;
  const allSeen = numbers.missing.length + numbers.extra.length === 0;
  if (even && allSeen) return <span className="word done">✓ {say('square_agrees')}</span>;
  return (
    <>
      <Side direction="over" box={box} notes={over} amount={`${base_unit} ${grouped(worth(over, faces))}`} />
      <Side
        direction="short"
        box={box}
        notes={short}
        amount={`${base_unit} ${grouped(worth(short, faces))}`}
      />
      {left > 0 && <span className="word off">{say('still_to_count', { n: left })}</span>}
      {even && <span className="word done">✓ {say('cash_agrees')}</span>}
      {!allSeen && <span className="word soon">! {say('numbers_differ')}</span>}
    </>
  );
}

interface SideProps {
  direction: 'over' | 'short';
  box: PlaceView;
  notes: Counts;
  amount: string;
}

function Side({ direction, box, notes, amount }: SideProps) {
  const { say } = useSpeech();
  const { data: kinds } = useQuery(questions.kinds);
  if (Object.keys(notes).length === 0) return null;
  const may = kinds?.some((kind) => kind.code === OVER_OR_SHORT && kind.may_open);
  const gives = new URLSearchParams({
    place: box.place,
    keeper: box.keeper,
    direction,
    notes: writtenNotes(notes).join(','),
  });
  return (
    <span>
      <span className={direction === 'over' ? 'word soon' : 'word late'}>
        {direction === 'over' ? '+' : '−'} {say(direction)} {amount}
      </span>{' '}
      {may && (
        <Link href={`/matters/new/${OVER_OR_SHORT}?${gives.toString()}`}>
          {say('register_difference')}
        </Link>
      )}
    </span>
  );
}
