// One numbered thing: where it is, in what state, what is marked on it, what may be done with it,
// what it has gone through.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { useAsked } from '../shell/asked';
import { Once, PageHead } from '../shell/parts';
import { useSpeech } from '../text/text';
import { useMarks } from './marks';
import { placePath } from './paths';
import { usePlaceName } from './place-name';
import { custody, type ThingView } from './questions';
import { Condition } from './stock';
import { Taking } from './taking';
import { ThingFinder } from './thing-finder';
import { ThingHistory } from './thing-history';
import './custody.css';

export default function Thing() {
  const thing = useAsked('of');
  const { say } = useSpeech();
  const found = useQuery(custody.thing(thing));
  return (
    <>
      <PageHead title={<ThingTitle thing={thing} found={found.data} />}>
        {found.data && <Condition condition={found.data.condition} />}
        <span className="spring" />
        <ThingFinder />
        <Link href="/custody">{say('page_custody')}</Link>
      </PageHead>
      <Once of={found}>{(known) => <Whole thing={known} />}</Once>
      <ThingHistory thing={thing} known={found.data !== undefined} />
    </>
  );
}

function ThingTitle({ thing, found }: { thing: string; found: ThingView | undefined }) {
  const { name } = useSpeech();
  const serial = thing.split(':')[1] ?? thing;
  return (
    <>
      {found ? name(found) : thing.split(':')[0]} <span className="number">{serial}</span>
    </>
  );
}

function Whole({ thing }: { thing: ThingView }) {
  const { say, name } = useSpeech();
  const told = usePlaceName();
  const marked = useMarks();
  return (
    <>
      <section className="panel" aria-labelledby="facts">
        <h2 id="facts">{say('facts')}</h2>
        <dl className="values">
          <div>
            <dt>{say('where_it_is')}</dt>
            <dd>
              <Link href={placePath(thing.place)}>{told(thing.place)}</Link>
            </dd>
          </div>
          <div>
            <dt>{say('stock_kind')}</dt>
            <dd>{name(thing)}</dd>
          </div>
          <div>
            <dt>{say('serial')}</dt>
            <dd className="number">{thing.thing}</dd>
          </div>
          {Object.entries(thing.attributes)
            .filter(([, text]) => text !== '')
            .map(([mark, said]) => {
              const { title, text } = marked(mark, said);
              return (
                <div key={mark}>
                  <dt>{title}</dt>
                  <dd>{text}</dd>
                </div>
              );
            })}
        </dl>
      </section>
      <Taking of={{ thing: thing.thing, kind: thing.kind }} />
    </>
  );
}
