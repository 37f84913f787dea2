// 报表: those of the books, and the registers and figures of the office that one may read.
import { useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { Once, PageHead } from '../shell/parts';
import { may, useSession } from '../shell/session';
import { useSpeech } from '../text/text';
import type { TextKey } from '../text/zh';
import { reportQuestions, type BookReport, type OfficeReport } from './questions';

interface One {
  to: string;
  zh: string;
  en: string;
}

export default function Reports() {
  const { say, name } = useSpeech();
  const session = useSession();
  const [, go] = useLocation();
  const [wanted, setWanted] = useState('');
  const reads = may(session, 'books.read');
  const books = useQuery({ ...reportQuestions.books, enabled: reads });
  const lists = useQuery(reportQuestions.office);
  const fits = (one: One) =>
    `${one.zh} ${one.en} ${one.to}`.toLowerCase().includes(wanted.trim().toLowerCase());
  const ofBooks = (all: BookReport[]): One[] =>
    all.map((one) => ({ ...one, to: `/reports/${one.name}` })).filter(fits);
  const ofOffice = (all: OfficeReport[]): One[] =>
    all
      .filter((one) => may(session, one.function))
      .map((one) => ({ ...one, to: `/reports/office/${one.name}` }))
      .filter(fits);
  const first = [...ofBooks(books.data ?? []), ...ofOffice(lists.data ?? [])][0];
  const part = (title: TextKey, all: One[]) => (
    <section className="panel" aria-label={say(title)}>
      <h2>{say(title)}</h2>
      <div className="kinds">
        {all.map((one) => (
          <Link key={one.to} href={one.to} className="kind">
            {name(one)}
          </Link>
        ))}
      </div>
      {all.length === 0 && <span className="quiet">{say('nothing_found')}</span>}
    </section>
  );
  return (
    <>
      <PageHead title={say('page_reports')}>
        <Input
          autoFocus
          allowClear
          style={{ width: 280 }}
          aria-label={say('find_report')}
          placeholder={say('find_report')}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
          onPressEnter={() => first && go(first.to)}
        />
      </PageHead>
      {reads && <Once of={books}>{(all) => part('reports_books', ofBooks(all))}</Once>}
      <Once of={lists}>{(all) => part('reports_office', ofOffice(all))}</Once>
    </>
  );
}
