// One place: its notes by denomination and class, its numbers by kind, and what may be done with it.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { news } from '../api/news';
import { added, capital, grouped } from '../form/amount';
import { useNames } from '../form/names';
import { CLASSES, type NoteClass } from '../form/notes';
import { useAsked } from '../shell/asked';
import { Once, PageHead } from '../shell/parts';
import { useSpeech } from '../text/text';
import { Notes } from './notes';
import { usePlaceName } from './place-name';
import { custody, type PlaceView } from './questions';
import { Stock } from './stock';
import { Taking } from './taking';
import './custody.css';

export default function Place() {
  const place = useAsked('of');
  const found = useQuery({ ...custody.place(place), ...news });
  return <Once of={found}>{(known) => <Whole place={known} />}</Once>;
}

function Whole({ place }: { place: PlaceView }) {
  const { say, name } = useSpeech();
  const names = useNames();
  const told = usePlaceName();
  const keeper = place.keeper
    ? `${names.operator(place.keeper)} ${place.keeper}`
    : names.post(place.keeper_post ?? '');
  const kind = name({ zh: place.kind_zh, en: place.kind_en });
  return (
    <>
      <PageHead title={told(place.place)}>
        <span className="number quiet">{place.place}</span>
        {kind && <span className="word">{kind}</span>}
        {!place.is_set_up && place.kind && <span className="word soon">{say('not_set_up')}</span>}
        <span className="spring" />
        <Link href={place.institution ? `/custody?institution=${place.institution}` : '/custody'}>
          {say('page_custody')}
        </Link>
      </PageHead>
      <div className="panel balances">
        <Figure title={`${say('cash_in_all')} ${place.unit}`} text={grouped(place.cash)} large />
        {classSums(place).map((one) => (
          <Figure key={one.class} title={say(`class_${one.class}`)} text={grouped(one.amount)} />
        ))}
        <Figure title={say('numbered_pieces')} text={piecesOf(place).toLocaleString()} />
        {keeper && <Figure title={say('keeper')} text={keeper} />}
        {place.unit === 'CNY' && place.cash !== '0.00' && (
          <div className="quiet" style={{ gridColumn: '1 / -1' }}>
            {capital(place.cash)}
          </div>
        )}
      </div>
      <section className="panel" aria-labelledby="notes">
        <h2 id="notes">{say('cash_by_denomination')}</h2>
        <Notes notes={place.notes} unit={place.unit} />
      </section>
      <Stock stock={place.stock} />
      {place.kind && place.is_set_up && <Taking of={{ place: place.place, kind: place.kind }} />}
    </>
  );
}

function Figure({ title, text, large }: { title: string; text: string; large?: boolean }) {
  return (
    <div>
      <div className="quiet">{title}</div>
      <div className="number" style={{ fontSize: large ? 22 : 16, fontWeight: 600 }}>
        {text}
      </div>
    </div>
  );
}

/** What each class of notes comes to, fit ones first. */
function classSums({ notes }: PlaceView): { class: NoteClass; amount: string }[] {
  return CLASSES.flatMap((one) => {
    const own = notes.filter((note) => note.class === one);
    return own.length > 0 ? [{ class: one, amount: added(own.map((note) => note.amount)) }] : [];
  });
}

function piecesOf({ stock }: PlaceView): number {
  return stock.reduce((sum, one) => sum + one.good + one.void, 0);
}
