// 审计: who did or read what, looked through from the newest; and the proof that the journal is whole.
import { useQuery } from '@tanstack/react-query';
import { Button, Input, Table, type TableColumnsType } from 'antd';
import { Link } from 'wouter';
import { operatorOptions, useChoices, useNames } from '../form/names';
import { Choice } from '../shell/choice';
import { useFilters, type Filters, type Put } from '../shell/filters';
import { Once, PageHead, PageTurner } from '../shell/parts';
import { Period } from '../shell/period';
import { instant } from '../shell/time';
import { useSpeech } from '../text/text';
import { ChainProof } from './chain-proof';
import { Fact } from './fact';
import { audit, happenings, type AuditRow } from './questions';
import './audit.css';

export default function AuditTrail() {
  const { say } = useSpeech();
  const { filters, put } = useFilters('/audit');
  const page = useQuery(audit({ ...filters, limit: 50 }));
  return (
    <>
      <PageHead title={say('page_audit')} />
      <ChainProof />
      <div className="panel">
        <FilterBar filters={filters} put={put} />
        <Once of={page}>
          {({ rows, cursor }) => (
            <>
              <Rows rows={rows} put={put} />
              {rows.length === 0 && cursor && (
                <p>
                  {say('audit_goes_on')}{' '}
                  <Button onClick={() => put({ cursor })}>{say('look_back')}</Button>
                </p>
              )}
              <PageTurner
                shown={rows.length}
                isFirst={!filters.cursor}
                next={cursor}
                turn={(to) => put({ cursor: to })}
              />
            </>
          )}
        </Once>
      </div>
    </>
  );
}

interface BarProps {
  filters: Filters;
  put: Put;
}

function FilterBar({ filters, put }: BarProps) {
  const { say, name } = useSpeech();
  const { operators } = useChoices();
  const { data: kinds } = useQuery(happenings);
  const text = (key: string, label: string, width: number) => (
    <Input.Search
      key={`${key}-${filters[key] ?? ''}`}
      allowClear
      style={{ width }}
      aria-label={label}
      placeholder={label}
      defaultValue={filters[key]}
      onSearch={(next) => put({ [key]: next.trim() })}
    />
  );
  return (
    <div className="filters">
      <Period
        label={say('period')}
        from={filters.from ?? ''}
        to={filters.until ?? ''}
        put={({ from, to }) => put({ from, until: to })}
      />
      <Choice
        label={say('operator')}
        value={filters.operator}
        options={operatorOptions(operators)}
        width={150}
        choose={(operator) => put({ operator })}
      />
      <Choice
        label={say('audit_kind')}
        value={filters.kind}
        options={(kinds ?? []).map((one) => ({ value: one.kind, label: name(one) }))}
        width={180}
        choose={(kind) => put({ kind })}
      />
      {text('about', say('audit_about'), 290)}
      {text('q', say('audit_text'), 160)}
    </div>
  );
}

function Rows({ rows, put }: { rows: AuditRow[]; put: Put }) {
  const { say, name } = useSpeech();
  const names = useNames();
  const columns: TableColumnsType<AuditRow> = [
    { title: say('time'), width: 140, className: 'number', render: (_, one) => instant(one.at) },
    { title: say('business_date'), dataIndex: 'business_date', width: 104, className: 'number' },
    {
      title: say('audit_event'),
      width: 210,
      render: (_, one) => (
        <span title={one.kind}>
          {name(one)}{' '}
          <Button type="link" size="small" className="audit-kind" onClick={() => put({ kind: one.kind })}>
            {one.kind}
          </Button>
        </span>
      ),
    },
    {
      title: say('audit_who'),
      width: 170,
      render: (_, one) => one.who.map((who) => `${names.operator(who)} ${who}`).join('、'),
    },
    { title: say('audit_subject'), ellipsis: true, render: (_, one) => <About row={one} /> },
    {
      title: say('institution'),
      width: 140,
      ellipsis: true,
      render: (_, { institution }) =>
        institution ? `${institution} ${names.institution(institution)}` : '',
    },
    {
      title: say('audit_block'),
      width: 80,
      align: 'right',
      className: 'number',
      render: (_, one) => `${one.seq}.${one.position}`,
    },
  ];
  return (
    <Table
      size="small"
      rowKey={(one) => `${one.seq}.${one.position}`}
      columns={columns}
      dataSource={rows}
      pagination={false}
      expandable={{ expandedRowRender: (one) => <Fact row={one} /> }}
      locale={{ emptyText: say('nothing_found') }}
    />
  );
}

/** What steps of matters are about is the matter itself, which has a page. */
const OF_MATTERS = new Set(['opened', 'acted', 'handled', 'saved']);

function About({ row }: { row: AuditRow }) {
  if (OF_MATTERS.has(row.kind) && /^\d+$/.test(row.about)) {
    return <Link href={`/matters/${row.about}`}>#{row.about}</Link>;
  }
  return <span className="number">{row.about}</span>;
}
