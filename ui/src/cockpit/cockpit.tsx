// 驾驶舱: how the department does, in figures that the bank keeps anyway. Whoever may not read one of
// its reports does not see what is drawn from it.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { answered, bank } from '../api/client';
import { news } from '../api/news';
import { grouped } from '../form/amount';
import { Once, PageHead } from '../shell/parts';
import { may, useSession } from '../shell/session';
import { useSpeech } from '../text/text';
import { OfBooks } from './of-books';
import { OfDays } from './of-days';
import { OfOffice } from './of-office';
import './cockpit.css';

export default function Cockpit() {
  const { say } = useSpeech();
  const session = useSession();
  return (
    <>
      <PageHead title={say('page_cockpit')} />
      {may(session, 'monitor.read') && <Now />}
      <div className="cockpit">
        {may(session, 'matters.read_all') && <OfOffice />}
        {may(session, 'day.run', 'monitor.read', 'books.read') && <OfDays />}
        {may(session, 'books.read') && <OfBooks />}
      </div>
    </>
  );
}

function Now() {
  const { say } = useSpeech();
  const status = useQuery({
    queryKey: ['status'],
    queryFn: () => answered(bank.GET('/api/v1/status')),
    ...news,
  });
  return (
    <section className="panel balances" aria-label={say('cockpit_now')}>
      <Once of={status}>
        {(now) => (
          <>
            <One title={say('matters_open')} figure={now.matters_open} to="/matters" />
            <One title={say('matters_late')} figure={now.matters_late} to="/matters?late=1" late />
            <One title={say('entries_in_all')} figure={now.entries} />
            <One title={say('accounts_in_all')} figure={now.accounts} to="/accounts" />
            <One title={say('institution')} figure={now.institutions} to="/day" />
          </>
        )}
      </Once>
    </section>
  );
}

interface OneProps {
  title: string;
  figure: number;
  to?: string;
  late?: boolean;
}

function One({ title, figure, to, late = false }: OneProps) {
  const text = grouped(String(figure));
  return (
    <div>
      <div className="quiet">{title}</div>
      <div className={late && figure > 0 ? 'cockpit-figure cockpit-late' : 'cockpit-figure'}>
        {late && figure > 0 && '! '}
        {to ? <Link href={to}>{text}</Link> : text}
      </div>
    </div>
  );
}
