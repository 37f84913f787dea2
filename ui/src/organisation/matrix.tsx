// 权限矩阵: steps of the matters of one division against posts. A cell says as what a post acts there.
import { useQuery } from '@tanstack/react-query';
import { Select, Table, type TableColumnsType } from 'antd';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { questions } from '../api/questions';
import { useNames } from '../form/names';
import { DIVISIONS, divisionOf } from '../shell/divisions';
import { Once } from '../shell/parts';
import { useSpeech } from '../text/text';
import type { TabProps } from './organisation';
import { organisation, type Right } from './questions';
import { postsIn, stepRows, type StepRow } from './rights';
import { useRoles } from './roles';
import { useTitles } from './step-titles';

const PAGE = 30;

export function Matrix({ filters, put }: TabProps) {
  const { say } = useSpeech();
  const rights = useQuery(organisation.rights({}));
  const kinds = useQuery(questions.kinds);
  const division = filters.division ?? 'cash';
  const codes = useMemo(
    () =>
      new Set(
        (kinds.data ?? []).filter((one) => divisionOf(one.file) === division).map((one) => one.code),
      ),
    [kinds.data, division],
  );
  const divisions = DIVISIONS.filter((one) =>
    kinds.data?.some((kind) => divisionOf(kind.file) === one.code),
  );
  return (
    <div className="panel">
      <div className="filters">
        <Select
          style={{ width: 200 }}
          aria-label={say('divisions')}
          value={division}
          onChange={(next: string) => put({ division: next })}
          options={divisions.map((one) => ({ value: one.code, label: say(one.title) }))}
        />
        <span className="quiet">{say('matrix_hint')}</span>
      </div>
      <Once of={rights}>
        {({ rights: all }) => (
          <Grid key={division} rights={all.filter((one) => codes.has(one.matter))} />
        )}
      </Once>
    </div>
  );
}

function Grid({ rights }: { rights: Right[] }) {
  const { say } = useSpeech();
  const names = useNames();
  const { data: posts } = useQuery(organisation.posts);
  const [page, setPage] = useState(1);
  const rows = useMemo(() => stepRows(rights), [rights]);
  const shown = rows.slice((page - 1) * PAGE, page * PAGE);
  const titles = useTitles([...new Set(shown.map((row) => row.matter))]);
  const columns: TableColumnsType<StepRow> = [
    {
      title: say('matter'),
      fixed: 'left',
      width: 190,
      onCell: (row, at) => ({ rowSpan: spanOf(shown, at ?? 0, row) }),
      render: (_, row) => (
        <Link href={`/organisation?tab=who&matter=${row.matter}`}>
          {titles.matter(row.matter)} <span className="quiet number">{row.matter}</span>
        </Link>
      ),
    },
    {
      title: say('step_name'),
      fixed: 'left',
      width: 130,
      render: (_, row) => titles.step(row.matter, row.step),
    },
    ...postsIn(shown, [...(posts ?? []).map((post) => post.code), '']).map((post) => ({
      title: post === '' ? say('named_by_field') : names.post(post),
      key: post || '@named',
      width: 92,
      align: 'center' as const,
      render: (_: unknown, row: StepRow) => <Cell hands={row.hands.get(post) ?? []} />,
    })),
  ];
  return (
    <Table
      size="small"
      bordered
      columns={columns}
      dataSource={rows}
      className="matrix"
      scroll={{ x: 'max-content', y: 'calc(100vh - 330px)' }}
      pagination={{ pageSize: PAGE, current: page, onChange: setPage, showSizeChanger: false }}
    />
  );
}

/** A matter stands once before all its steps. */
function spanOf(rows: readonly StepRow[], at: number, row: StepRow): number {
  if (rows[at - 1]?.matter === row.matter) return 0;
  return rows.slice(at).filter((one) => one.matter === row.matter).length;
}

function Cell({ hands }: { hands: Right[] }) {
  const { role, where } = useRoles();
  const { say } = useSpeech();
  return hands.map((hand, at) => {
    const told = [
      where(hand.at),
      hand.up_to ? say('up_to_number', { number: hand.up_to }) : '',
      hand.when ?? '',
    ].filter(Boolean);
    return (
      <div key={at} title={told.join(' · ')}>
        <span className={hand.role ? 'word' : 'word off'}>
          {role(hand.role)}
          {hand.count > 1 && `×${hand.count}`}
          {(hand.up_to ?? hand.when) && ' *'}
        </span>
      </div>
    );
  });
}
