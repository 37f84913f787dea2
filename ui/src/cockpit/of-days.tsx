// Volumes and turnover by day, as the certificates of closed days have them.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { dayQuestions, type Certificate } from '../day/questions';
import { grouped } from '../form/amount';
import { useChoices } from '../form/names';
import { Once } from '../shell/parts';
import { useSpeech } from '../text/text';
import type { Look } from './chart';
import { Figure } from './figure';

const DAYS = 30;

const BARS: Look = { kind: 'bar' };
const LINE: Look = { kind: 'line' };

export function OfDays() {
  const page = useQuery(dayQuestions.certificates({ limit: DAYS }));
  return <Once of={page}>{({ certificates }) => <Drawn certificates={certificates} />}</Once>;
}

function Drawn({ certificates }: { certificates: Certificate[] }) {
  const { say } = useSpeech();
  const { base_unit: unit } = useChoices();
  const { volumes, turnovers, sum } = useMemo(() => {
    const days = [...certificates].reverse();
    const labels = days.map((one) => one.day);
    const debits = days.map(
      (one) => one.totals.find((total) => total.unit === unit)?.debit ?? '0',
    );
    const entries = days.map((one) => one.entries);
    return {
      volumes: {
        labels,
        bars: [{ name: say('entries_count'), drawn: entries, told: entries.map(String) }],
      },
      turnovers: {
        labels,
        bars: [{ name: `${say('debit_amount')} ${unit}`, drawn: debits.map(Number), told: debits }],
      },
      sum: entries.reduce((all, one) => all + one, 0),
    };
  }, [certificates, unit, say]);
  const newest = certificates[0];
  const parts = { n: certificates.length, day: newest?.day ?? '' };
  const from = { to: '/day/certificates', name: say('page_certificates') };
  return (
    <>
      <Figure
        title={say('volumes')}
        said={say('volumes_said', {
          ...parts,
          sum: grouped(String(sum)),
          last: grouped(String(newest?.entries ?? 0)),
        })}
        picture={volumes}
        look={BARS}
        labels={say('day')}
        from={from}
      />
      <Figure
        title={say('turnovers')}
        said={say('turnovers_said', {
          ...parts,
          unit,
          last: grouped(turnovers.bars[0]?.told.at(-1) ?? '0'),
        })}
        picture={turnovers}
        look={LINE}
        labels={say('day')}
        from={from}
      />
    </>
  );
}
