// What one looks at before the day is closed: anomalies of the books, late matters, who still works.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { answered, bank } from '../api/client';
import { sheetOf } from '../reports/sheet';
import { Once } from '../shell/parts';
import { may, useSession } from '../shell/session';
import { useSpeech } from '../text/text';
import type { Day } from './questions';

export function BeforeClose({ day }: { day: Day }) {
  const { say } = useSpeech();
  const session = useSession();
  const open = day.institutions.filter((one) => !one.closed).length;
  return (
    <section className="panel" aria-labelledby="before-close">
      <h2 id="before-close">{say('before_close')}</h2>
      <ul className="day-checks">
        <Check good={open === 0} says={open === 0 ? say('all_stopped') : say('still_open_n', { n: open })} />
        {may(session, 'monitor.read') && <Late />}
        {may(session, 'books.read') && <Anomalies />}
      </ul>
    </section>
  );
}

function Check({ good, says, to }: { good: boolean; says: string; to?: string }) {
  return (
    <li className={good ? 'done' : 'stopped'} data-sign={good ? '✓' : '!'}>
      {to && !good ? <Link href={to}>{says}</Link> : says}
    </li>
  );
}

function Late() {
  const { say } = useSpeech();
  const status = useQuery({
    queryKey: ['status'],
    queryFn: () => answered(bank.GET('/api/v1/status')),
  });
  return (
    <Once of={status}>
      {({ matters_late: n }) => (
        <Check
          good={n === 0}
          says={n === 0 ? say('no_late_matters') : say('late_matters_n', { n })}
          to="/matters?late=1"
        />
      )}
    </Once>
  );
}

function Anomalies() {
  const { say } = useSpeech();
  const path = { name: 'anomaly-list' };
  const list = useQuery({
    queryKey: ['report', 'anomaly-list', 'desk'],
    queryFn: async () => sheetOf(await answered(bank.GET('/api/v1/reports/{name}', { params: { path } }))),
  });
  return (
    <Once of={list}>
      {({ rows }) => (
        <Check
          good={rows.length === 0}
          says={rows.length === 0 ? say('no_anomalies') : say('anomalies_n', { n: rows.length })}
          to="/reports/anomaly-list"
        />
      )}
    </Once>
  );
}
