// Balances by subject, and how old open items are: from the reports of the books.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { grouped } from '../form/amount';
import { reportQuestions } from '../reports/questions';
import type { Sheet } from '../reports/sheet';
import { Once } from '../shell/parts';
import { useSpeech } from '../text/text';
import type { Look } from './chart';
import { Figure } from './figure';
import { barsOf, normalRows, numberOf, totalRow } from './picture';

const ACROSS: Look = { kind: 'bar', across: true, stacked: true };
const UPRIGHT: Look = { kind: 'bar' };

export function OfBooks() {
  const { language } = useSpeech();
  const balances = useQuery(reportQuestions.book('trial-balance', {}, language));
  const ageing = useQuery(reportQuestions.book('suspense-ageing', {}, language));
  return (
    <>
      <Once of={balances}>{(sheet) => <Balances sheet={sheet} />}</Once>
      <Once of={ageing}>{(sheet) => <Ageing sheet={sheet} />}</Once>
    </>
  );
}

function Balances({ sheet }: { sheet: Sheet }) {
  const { say, name } = useSpeech();
  const { picture, most } = useMemo(() => {
    const rows = normalRows(sheet);
    const size = (row: (typeof rows)[number]) =>
      Math.max(numberOf(row.cells.closing_debit), numberOf(row.cells.closing_credit));
    const largest = [...rows].sort((one, other) => size(other) - size(one))[0];
    return {
      picture: {
        labels: rows.map((row) => `${row.cells.subject ?? ''} ${row.cells.name ?? ''}`),
        bars: [
          barsOf(rows, 'closing_debit', say('debit')),
          barsOf(rows, 'closing_credit', say('credit')),
        ],
      },
      most: largest,
    };
  }, [sheet, say]);
  const amount = most?.cells.closing_debit ?? most?.cells.closing_credit ?? '0';
  return (
    <Figure
      title={say('subject_balances')}
      said={say('subject_balances_said', {
        n: picture.labels.length,
        name: String(most?.cells.name ?? ''),
        amount: grouped(String(amount)),
      })}
      picture={picture}
      look={ACROSS}
      labels={say('subject')}
      from={{ to: '/reports/trial-balance', name: name(sheet.title) }}
    />
  );
}

function Ageing({ sheet }: { sheet: Sheet }) {
  const { say, name } = useSpeech();
  const total = totalRow(sheet);
  const picture = useMemo(() => {
    const ages = total ? sheet.columns.filter((column) => column.key.startsWith('days_')) : [];
    const told = ages.map((column) => String(total?.cells[column.key] ?? '0'));
    return {
      labels: ages.map((column) => name(column.title)),
      bars: [{ name: say('amount'), drawn: told.map(Number), told }],
    };
  }, [sheet, total, name, say]);
  return (
    <Figure
      title={say('suspense')}
      said={say('suspense_said', {
        amount: grouped(String(total?.cells.total ?? '0')),
        late: grouped(String(total?.cells.overdue ?? '0')),
      })}
      picture={picture}
      look={UPRIGHT}
      labels={say('suspense')}
      from={{ to: '/reports/suspense-ageing', name: name(sheet.title) }}
    />
  );
}
