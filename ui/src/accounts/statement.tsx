// 对账单: the account over a period, with what it began and ended with, as its holder gets it.
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { leadsTo } from '../reports/drill';
import { reportFiles, reportQuestions, type Asked, type Format } from '../reports/questions';
import type { Row } from '../reports/sheet';
import { SheetView } from '../reports/sheet-view';
import { TakeOut } from '../reports/take-out';
import { Once } from '../shell/parts';
import { Period } from '../shell/period';
import { useSpeech } from '../text/text';
import { StatementSums } from './statement-sums';

interface Props {
  number: string;
  from: string;
  to: string;
  put: (part: Record<string, string>) => void;
}

const leads = (key: string, row: Row) => leadsTo('account-ledger', key, row, {});

export function Statement({ number, from, to, put }: Props) {
  const { say, language } = useSpeech();
  const asked: Asked = { ...(from ? { from } : {}), ...(to ? { to } : {}) };
  const statement = useQuery(reportQuestions.statement(number, asked, language));
  const take = useCallback(
    (format: Format) =>
      reportFiles.statement(number, { ...(from ? { from } : {}), ...(to ? { to } : {}) }, format),
    [number, from, to],
  );
  return (
    <section className="panel" aria-label={say('statement')}>
      <div className="filters screen-only">
        <Period label={say('period')} from={from} to={to} put={put} />
        <span className="spring" />
        <TakeOut take={take} ready={statement.data !== undefined} />
      </div>
      <Once of={statement}>
        {(sheet) => (
          <>
            <StatementSums sheet={sheet} />
            <SheetView sheet={sheet} leads={leads} />
          </>
        )}
      </Once>
    </section>
  );
}
