// The count itself: cash, numbers, what it comes to, and who signs it. What was typed is kept in the
// browser until the bank has taken it.
import { useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Checkbox } from 'antd';
import { useMemo, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { Keys, answered, bank, type Schemas } from '../api/client';
import type { PlaceView } from '../custody/questions';
import { sent } from '../form/field';
import { kept } from '../form/kept';
import { writtenNotes, type Counts } from '../form/notes';
import type { Head } from '../matters/columns';
import { SecondPersons, type Ticket } from '../matters/second-person';
import { Refusal } from '../shell/parts';
import { useSession } from '../shell/session';
import { useShortcuts } from '../shell/shortcuts';
import { useSpeech } from '../text/text';
import { CashGrid } from './cash-grid';
import { bookOf, numbersApart } from './count';
import { NumberTicks } from './number-ticks';
import type { Occasion } from './occasions';
import { Outcome } from './outcome';

interface Props {
  box: PlaceView;
  kind: Schemas['KindView'];
  occasion: Occasion;
  /** What was opened of this kind today. */
  before: Head[];
}

interface Typed {
  counted: Counts;
  seen: string[];
  numbers: string[];
}

const NOTHING: Typed = { counted: {}, seen: [], numbers: [] };
const COVERED = 'piaohao.square.covered';

function useTyped(name: string): [Typed, (part: Partial<Typed>) => void] {
  const [typed, setTyped] = useState<Typed>(() => ({ ...NOTHING, ...kept.read(name) }));
  const put = (part: Partial<Typed>) => {
    const next = { ...typed, ...part };
    kept.write(name, { ...next });
    setTyped(next);
  };
  return [typed, put];
}

export function Counting({ box, kind, occasion, before }: Props) {
  const { say, name } = useSpeech();
  const session = useSession();
  const keptAs = `${session.operator}.square.${box.place}.${occasion}.${session.business_date}`;
  const [typed, put] = useTyped(keptAs);
  const [covered, setCovered] = useState(() => localStorage.getItem(COVERED) === '1');
  const book = useMemo(() => bookOf(box.notes), [box.notes]);
  const ranges = box.stock.flatMap((one) => one.ranges.map((range) => range.range));
  const field = kind.fields.find((one) => one.type === 'serials');
  // What has moved out since it was ticked was not counted now.
  const seen = typed.seen.filter((one) => ranges.includes(one));
  const numbers = [...seen, ...typed.numbers];
  const cover = (next: boolean) => {
    localStorage.setItem(COVERED, next ? '1' : '0');
    setCovered(next);
  };
  const own = box.keeper === session.operator;
  return (
    <>
      <Before matters={before} />
      <section className="panel" aria-labelledby="count-cash">
        <h2 id="count-cash" className="bar">
          {say('count_cash')}
          <span className="spring" />
          <Checkbox checked={covered} onChange={({ target }) => cover(target.checked)}>
            {say('count_first')}
          </Checkbox>
        </h2>
        <CashGrid
          book={book}
          counted={typed.counted}
          covered={covered}
          change={(counted) => put({ counted })}
        />
      </section>
      {field && (
        <section className="panel" aria-labelledby="count-numbers">
          <h2 id="count-numbers">{say('count_numbers')}</h2>
          <NumberTicks
            field={field}
            book={ranges}
            seen={seen}
            typed={typed.numbers}
            tick={(next) => put({ seen: next })}
            type={(next) => put({ numbers: next })}
          />
        </section>
      )}
      <section className="panel square-end" aria-label={name(kind.title)}>
        {!covered && (
          <div className="bar" role="status" style={{ marginBottom: 10 }}>
            <Outcome
              box={box}
              book={book}
              counted={typed.counted}
              numbers={numbersApart(ranges, numbers)}
            />
          </div>
        )}
        {own ? (
          <Signing
            box={box}
            kind={kind}
            occasion={occasion}
            counted={typed.counted}
            numbers={numbers}
            keptAs={keptAs}
          />
        ) : (
          <Alert type="info" showIcon title={say('not_your_box')} />
        )}
      </section>
    </>
  );
}

/** A square that is under way is gone on with; one that is done is told. */
function Before({ matters }: { matters: Head[] }) {
  const { say, name } = useSpeech();
  return matters.map((one) => (
    <Alert
      key={one.id}
      type={one.has_ended ? 'success' : 'warning'}
      showIcon
      style={{ marginBottom: 12 }}
      title={`${name(one.title)} ${one.number} ${name(one.at_title)}`}
      action={<Link href={`/matters/${one.id}`}>{say(one.has_ended ? 'see_matters' : 'go_on')}</Link>}
    />
  ));
}

interface SigningProps {
  box: PlaceView;
  kind: Schemas['KindView'];
  occasion: Occasion;
  counted: Counts;
  numbers: string[];
  keptAs: string;
}

function Signing({ box, kind, occasion, counted, numbers, keptAs }: SigningProps) {
  const { say, name } = useSpeech();
  const session = useSession();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const [tickets, setTickets] = useState<Ticket[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const keys = useRef(new Keys());
  const send = async () => {
    if (busy) return;
    setBusy(true);
    setError(null);
    const fields = sent(kind.fields, {
      box: box.place,
      teller: session.operator,
      occasion,
      counted: writtenNotes(counted),
      vouchers: numbers,
    });
    const signed = tickets.map((one) => one.ticket);
    const body = { code: kind.code, fields, with: signed, draft: false, institution: '' };
    try {
      const headers = { 'Idempotency-Key': keys.current.for(body) };
      const said = await answered(bank.POST('/api/v1/matters', { body, params: { header: headers } }));
      keys.current.taken();
      kept.forget(keptAs);
      void message.success(say('sent', { number: said.number }));
      void queries.invalidateQueries({ queryKey: ['matters'] });
      void queries.invalidateQueries({ queryKey: ['queue'] });
      go(`/matters/${said.id}`);
    } catch (refused) {
      setError(refused);
      // A ticket is good once.
      setTickets([]);
    } finally {
      setBusy(false);
    }
  };
  useShortcuts({ 'Ctrl+Enter': () => void send() });
  const several = kind.steps.some((step) => step.hands.length > 1);
  return (
    <>
      <Refusal error={error} />
      <div className="bar">
        <Button type="primary" loading={busy} onClick={() => void send()}>
          {name(kind.steps[0]?.title ?? kind.title)}
        </Button>
        {several && <SecondPersons of={{ kind: kind.code }} tickets={tickets} change={setTickets} />}
        <span className="quiet">
          <kbd>Ctrl Enter</kbd> {say('square_hint')}
        </span>
      </div>
    </>
  );
}
