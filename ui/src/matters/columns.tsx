// How matters stand in a table: the same columns on every list of them.
import type { TableColumnsType } from 'antd';
import { useMemo } from 'react';
import { Link } from 'wouter';
import type { Schemas } from '../api/client';
import { useNames } from '../form/names';
import { instant, minutesUntil } from '../shell/time';
import { useSpeech, type Say } from '../text/text';

export type Head = Schemas['MatterHead'];

/** Soon is within four hours. */
const SOON = 240;

export function ageing(head: Head, say: Say): { text: string; look: string } | null {
  if (head.has_ended) return null;
  // 超时升级: of what was escalated no deadline is kept.
  if (head.due === undefined || head.due === null) {
    return head.overdue ? { text: say('is_late'), look: 'word late' } : null;
  }
  const left = minutesUntil(head.due);
  const minutes = Math.abs(left);
  const span =
    minutes >= 2880
      ? say('span_days', { n: Math.floor(minutes / 1440) })
      : minutes >= 60
        ? say('span_hours', { n: Math.floor(minutes / 60) })
        : say('span_minutes', { n: minutes });
  if (left < 0) return { text: say('late_by', { span }), look: 'word late' };
  return { text: say('due_in', { span }), look: left < SOON ? 'word soon' : 'word off' };
}

export function Due({ head }: { head: Head }) {
  const { say } = useSpeech();
  const age = ageing(head, say);
  if (!age) return <span className="quiet">—</span>;
  return (
    <span className="number">
      {typeof head.due === 'number' && instant(head.due)} <span className={age.look}>{age.text}</span>
    </span>
  );
}

export function Stands({ head }: { head: Head }) {
  const { name } = useSpeech();
  const turned = head.at === '[refused]' || head.at === '[voided]';
  const look = head.has_ended ? (turned ? 'word off' : 'word done') : 'word';
  return <span className={look}>{name(head.at_title)}</span>;
}

export function useColumns(ended: boolean): TableColumnsType<Head> {
  const { say, name } = useSpeech();
  const names = useNames();
  return useMemo(() => {
    const columns: TableColumnsType<Head> = [
      {
        title: say('matter_number'),
        key: 'number',
        dataIndex: 'number',
        width: 190,
        render: (number: string, head) => (
          <Link href={`/matters/${head.id}`} className="number">
            {number}
          </Link>
        ),
      },
      {
        title: say('matter'),
        key: 'matter',
        width: 180,
        render: (_, head) => name(head.title),
        ellipsis: true,
      },
      {
        title: say(ended ? 'result' : 'step'),
        key: 'at',
        width: 130,
        render: (_, head) => <Stands head={head} />,
      },
      {
        title: say('institution'),
        key: 'institution',
        width: 150,
        ellipsis: true,
        render: (_, { institution }) => `${institution} ${names.institution(institution)}`,
      },
      {
        title: say('opener'),
        key: 'opener',
        width: 110,
        ellipsis: true,
        render: (_, { opener }) => names.operator(opener),
      },
      {
        title: say('opened'),
        key: 'opened',
        dataIndex: 'opened',
        width: 110,
        className: 'number',
      },
    ];
    columns.push(
      ended
        ? {
            title: say('ended_on'),
            key: 'ended',
            dataIndex: 'ended',
            width: 110,
            className: 'number',
          }
        : { title: say('due'), key: 'due', width: 250, render: (_, head) => <Due head={head} /> },
    );
    return columns;
  }, [say, name, names, ended]);
}
