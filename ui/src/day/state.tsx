// The day in one line: its date, its phase, the next one, how many institutions still work.
import { useSpeech } from '../text/text';
import type { TextKey } from '../text/zh';
import type { Day } from './questions';

const PHASES: Record<string, { title: TextKey; look: string }> = {
  open: { title: 'phase_open', look: 'word done' },
  closing: { title: 'phase_closing', look: 'word soon' },
  closed: { title: 'phase_closed', look: 'word off' },
};

export function StateOf({ day }: { day: Day }) {
  const { say } = useSpeech();
  const phase = PHASES[day.phase] ?? { title: 'phase_closed', look: 'word off' };
  const closed = day.institutions.filter((one) => one.closed).length;
  return (
    <section className="panel day-state" aria-label={say('day_state')}>
      <div>
        <div className="quiet">{say('business_date')}</div>
        <div className="day-date">
          <span className="number" data-testid="business-date">
            {day.business_date}
          </span>{' '}
          <span className={phase.look} data-testid="phase">
            {say(phase.title)}
          </span>
        </div>
      </div>
      <div>
        <div className="quiet">{say('next_day')}</div>
        <div className="day-figure number">{day.next_business_day}</div>
      </div>
      <div>
        <div className="quiet">{say('institution')}</div>
        <div className="day-figure" data-testid="institutions-count">
          {say('institutions_n', { n: day.institutions.length, closed })}
        </div>
      </div>
    </section>
  );
}
