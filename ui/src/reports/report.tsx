// One report: what it is asked for with stands in the address, so that a report can be sent to
// somebody else and come back to on the way up from a figure.
import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { Once, PageHead } from '../shell/parts';
import { useSpeech } from '../text/text';
import { Asking } from './asking';
import { leadsTo } from './drill';
import { reportFiles, reportQuestions, type Asked, type Format } from './questions';
import type { Row } from './sheet';
import { SheetView } from './sheet-view';
import { TakeOut } from './take-out';

interface Head {
  name: string;
  zh: string;
  en: string;
  takes: string[];
  needs: readonly string[];
}

export function BookPage({ name }: { name: string }) {
  const books = useQuery(reportQuestions.books);
  return (
    <Once of={books}>
      {(all) => {
        const found = all.find((one) => one.name === name || one.zh === name);
        return <Whole head={found ?? unknown(name)} of="book" />;
      }}
    </Once>
  );
}

export function OfficePage({ name }: { name: string }) {
  const lists = useQuery(reportQuestions.office);
  return (
    <Once of={lists}>
      {(all) => {
        const found = all.find((one) => one.name === name);
        const needs = found?.takes.includes('code') ? ['code'] : [];
        return <Whole head={found ? { ...found, needs } : unknown(name)} of="list" />;
      }}
    </Once>
  );
}

/** The bank says itself that it knows no such report. */
function unknown(name: string): Head {
  return { name, zh: name, en: name, takes: [], needs: [] };
}

function Whole({ head, of }: { head: Head; of: 'book' | 'list' }) {
  const { say, name, language } = useSpeech();
  const search = useSearch();
  const [at, go] = useLocation();
  const asked = useMemo<Asked>(() => Object.fromEntries(new URLSearchParams(search)), [search]);
  const ready = head.needs.every((need) => asked[need]);
  const sheet = useQuery({
    ...(of === 'book'
      ? reportQuestions.book(head.name, asked, language)
      : reportQuestions.list(head.name, asked, language)),
    enabled: ready,
  });
  const leads = useCallback(
    (key: string, row: Row) => leadsTo(head.name, key, row, asked),
    [head.name, asked],
  );
  const take = (format: Format) => reportFiles[of](head.name, asked, format);
  return (
    <>
      <PageHead title={name(head)}>
        <span className="spring" />
        <TakeOut take={take} ready={ready && sheet.data !== undefined} />
      </PageHead>
      <div className="panel">
        {head.takes.length > 0 && (
          <div className="screen-only">
            <Asking
              takes={head.takes}
              needs={head.needs}
              asked={asked}
              error={sheet.error}
              ask={(next) => go(`${at}?${new URLSearchParams(next).toString()}`)}
            />
          </div>
        )}
        {ready ? (
          <Once of={sheet}>{(known) => <SheetView sheet={known} leads={leads} />}</Once>
        ) : (
          <Alert type="info" showIcon title={say('report_needs')} />
        )}
      </div>
    </>
  );
}
