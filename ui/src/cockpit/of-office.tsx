// What waits and how much of it is late, and what went wrong, from the lists of the office.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { reportQuestions } from '../reports/questions';
import type { Sheet } from '../reports/sheet';
import { Once } from '../shell/parts';
import { may, useSession } from '../shell/session';
import { useSpeech } from '../text/text';
import type { Look } from './chart';
import { Figure } from './figure';
import { barsOf, byMonth, normalRows, numberOf, sideBySide, totalRow } from './picture';

const ACROSS: Look = { kind: 'bar', across: true, stacked: true };
const UPRIGHT: Look = { kind: 'bar' };

export function OfOffice() {
  const { language } = useSpeech();
  const session = useSession();
  const load = useQuery(reportQuestions.list('workload', {}, language));
  const cash = useQuery(reportQuestions.list('cash-difference-figures', {}, language));
  const books = may(session, 'books.read');
  const corrections = useQuery({
    ...reportQuestions.book('correction-register', {}, language),
    enabled: books,
  });
  return (
    <>
      <Once of={load}>{(sheet) => <Load sheet={sheet} />}</Once>
      <Once of={cash}>
        {(sheet) => <Mistakes cash={sheet} corrections={books ? corrections.data : undefined} />}
      </Once>
    </>
  );
}

function Load({ sheet }: { sheet: Sheet }) {
  const { say, name } = useSpeech();
  const picture = useMemo(() => {
    const rows = normalRows(sheet);
    const late = barsOf(rows, 'late', say('is_late'));
    const open = rows.map((row, at) => numberOf(row.cells.count) - (late.drawn[at] ?? 0));
    return {
      labels: rows.map((row) => String(row.cells['@matter'] ?? '')),
      bars: [{ name: say('on_time'), drawn: open, told: open.map(String) }, late],
    };
  }, [sheet, say]);
  const total = totalRow(sheet)?.cells;
  return (
    <Figure
      title={say('queue_ageing')}
      said={say('queue_ageing_said', {
        n: String(total?.count ?? 0),
        late: String(total?.late ?? 0),
        day: String(total?.oldest ?? ''),
      })}
      picture={picture}
      look={ACROSS}
      labels={say('matter')}
      from={{ to: '/reports/office/workload', name: name(sheet.title) }}
    />
  );
}

interface MistakesProps {
  cash: Sheet;
  corrections: Sheet | undefined;
}

function Mistakes({ cash, corrections }: MistakesProps) {
  const { say, name } = useSpeech();
  const { picture, counts } = useMemo(() => {
    const differences = byMonth(
      normalRows(cash).map(({ cells }) => ({
        month: String(cells['@month'] ?? ''),
        count: numberOf(cells.count),
      })),
    );
    const corrected = byMonth(
      (corrections ? normalRows(corrections) : []).map(({ cells }) => ({
        month: String(cells.day ?? '').slice(0, 7),
        count: 1,
      })),
    );
    const sum = (of: Map<string, number>) => [...of.values()].reduce((all, one) => all + one, 0);
    return {
      picture: sideBySide([
        { name: say('corrections'), of: corrected },
        { name: say('differences'), of: differences },
      ]),
      counts: { corrections: sum(corrected), differences: sum(differences) },
    };
  }, [cash, corrections, say]);
  return (
    <Figure
      title={say('mistakes')}
      said={say('mistakes_said', counts)}
      picture={picture}
      look={UPRIGHT}
      labels={say('day')}
      from={{ to: '/reports/office/cash-difference-figures', name: name(cash.title) }}
    />
  );
}
