// What the teller has opened today, and what the day moved on the branch's account of tellers' cash.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { answered, bank } from '../api/client';
import { news } from '../api/news';
import { questions } from '../api/questions';
import { grouped } from '../form/amount';
import { Stands, type Head } from '../matters/columns';
import { may, useSession } from '../shell/session';
import { useSpeech } from '../text/text';

/** As many as a teller looks through. */
const SHOWN = 100;

/** The kind of account that cash in boxes is booked on. */
const TELLERS_CASH = 'cash_teller';

/** Those under way first, then those that ended, all of today. */
export function useOpenedToday(): Head[] {
  const { operator, business_date: today } = useSession();
  const asked = { opener: operator, from: today, limit: SHOWN };
  const open = useQuery({ ...questions.matters({ ...asked, state: 'open' }), ...news });
  const ended = useQuery({ ...questions.matters({ ...asked, state: 'ended' }), ...news });
  return [...(open.data?.matters ?? []), ...(ended.data?.matters ?? [])];
}

export function OpenedToday({ matters }: { matters: Head[] }) {
  const { say, name } = useSpeech();
  return (
    <section className="panel" aria-labelledby="opened-today">
      <h2 id="opened-today">
        {say('opened_today')} <span className="quiet">{matters.length}</span>
      </h2>
      {matters.length === 0 && <span className="quiet">{say('nothing_yet_today')}</span>}
      <ul className="today">
        {matters.map((one) => (
          <li key={one.id}>
            <span>
              {name(one.title)} <Stands head={one} />
            </span>
            <Link href={`/matters/${one.id}`} className="number">
              {one.number}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function useLines(institution: string) {
  const session = useSession();
  const sees = may(session, 'accounts.read') && may(session, 'entries.read');
  const { data: page } = useQuery({
    ...questions.accounts({ institution, kind: TELLERS_CASH, limit: 20 }),
    enabled: sees,
  });
  const number = page?.accounts.find((one) => one.institution === institution)?.number ?? '';
  const today = session.business_date;
  return useQuery({
    queryKey: ['lines', number, today],
    queryFn: () =>
      answered(
        bank.GET('/api/v1/accounts/{number}/entries', {
          params: { path: { number }, query: { from: today, to: today, limit: SHOWN } },
        }),
      ),
    enabled: number !== '',
    ...news,
  });
}

export function LinesToday({ institution }: { institution: string }) {
  const { say } = useSpeech();
  const { data } = useLines(institution);
  if (!data) return null;
  return (
    <section className="panel" aria-labelledby="lines-today">
      <h2 id="lines-today">{say('tellers_cash_today')}</h2>
      {data.lines.length === 0 && <span className="quiet">{say('nothing_yet_today')}</span>}
      <ul className="today">
        {data.lines.map((line) => (
          <li key={`${line.entry}.${line.line}`}>
            <Link href={`/entries/${line.entry}`}>{line.summary}</Link>
            <span className="number">
              {say(line.debit ? 'debit' : 'credit')} {grouped(line.debit ?? line.credit ?? '')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
