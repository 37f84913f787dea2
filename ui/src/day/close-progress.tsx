// The close as it goes on, step by step, and what stopped it, in the bank's own words.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Progress } from 'antd';
import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { useNames } from '../form/names';
import { Once } from '../shell/parts';
import { instant } from '../shell/time';
import { useSpeech } from '../text/text';
import type { TextKey } from '../text/zh';
import { donePart, stepsOf, type Stage, type Step } from './progress';
import { dayQuestions, type Close, type Day } from './questions';

export function CloseProgress({ day }: { day: Day }) {
  const { say } = useSpeech();
  const queries = useQueryClient();
  const close = useQuery(dayQuestions.close);
  const running = close.data?.running ?? false;
  const ran = useRef(running);
  useEffect(() => {
    // What the close has changed shows as soon as it is over.
    if (ran.current && !running) {
      void queries.invalidateQueries({ queryKey: ['day'] });
      void queries.invalidateQueries({ queryKey: ['session'] });
    }
    ran.current = running;
  }, [running, queries]);
  return (
    <section className="panel" aria-labelledby="close-progress">
      <h2 id="close-progress">{say('close_progress')}</h2>
      <Once of={close}>{(known) => <Going close={known} day={day} />}</Once>
    </section>
  );
}

function Going({ close, day }: { close: Close; day: Day }) {
  const { say } = useSpeech();
  const names = useNames();
  // A close of a day before this one is over: this day has its own still before it.
  if (!close.business_date || (day.phase === 'open' && close.business_date !== day.business_date)) {
    return (
      <ol className="day-steps">
        {day.steps.map((step) => (
          <Line
            key={step.code}
            step={{ title: step, stage: step.done ? 'done' : 'waits' }}
            note={step.note ?? ''}
          />
        ))}
      </ol>
    );
  }
  const began = typeof close.began === 'number' ? instant(close.began) : '';
  const took =
    typeof close.began === 'number' && typeof close.ended === 'number'
      ? ((close.ended - close.began) / 1e6).toFixed(1)
      : null;
  return (
    <>
      <Outcome close={close} />
      {close.running && (
        <Progress percent={donePart(close)} size="small" aria-label={say('close_progress')} />
      )}
      <p className="quiet" style={{ margin: '0 0 6px' }}>
        <span className="number">{close.business_date}</span>{' '}
        {say('close_by', { name: names.operator(close.by ?? ''), time: began })}
        {took !== null && ` · ${say('close_took', { n: took })}`}
      </p>
      <ol className="day-steps">
        {stepsOf(close)
          .filter((step) => step.title !== null)
          .map((step, at) => (
            <Line key={at} step={step} />
          ))}
      </ol>
    </>
  );
}

function Outcome({ close }: { close: Close }) {
  const { say, language } = useSpeech();
  if (close.running) {
    const n = Math.max(close.steps.length, 1);
    return (
      <p role="status" style={{ margin: '0 0 4px' }}>
        {say('close_running')} · {say('close_step_n', { n, of: Math.max(close.of, n) })}
      </p>
    );
  }
  if (close.refusal) {
    const { code } = close.refusal;
    return (
      <Alert
        role="alert"
        type="error"
        showIcon
        style={{ marginBottom: 8 }}
        title={`${say('close_refused')}：${close.refusal[language]}`}
        description={code}
      />
    );
  }
  if (!close.certificate) return null;
  const { day } = close.certificate;
  return (
    <p role="status" className="day-done">
      <span>✓ {say('close_done')}</span>
      <Link href={`/day/certificates/${day}`}>{say('certificate_of', { day })}</Link>
    </p>
  );
}

const STAGES: Record<Stage, { sign: string; says: TextKey }> = {
  done: { sign: '✓', says: 'step_done' },
  now: { sign: '…', says: 'step_now' },
  stopped: { sign: '!', says: 'step_stopped' },
  waits: { sign: '·', says: 'step_waits' },
};

/** What a step found stands beside it; a bare dash says that there was nothing to do. */
function Line({ step, note = '' }: { step: Step; note?: string }) {
  const { say, name } = useSpeech();
  const { sign, says } = STAGES[step.stage];
  return (
    <li className={step.stage} data-sign={sign}>
      <span>{step.title && name(step.title)}</span>
      <span className="quiet">
        {note !== '' && note !== '-' ? `${note} · ` : ''}
        {say(says)}
      </span>
    </li>
  );
}
