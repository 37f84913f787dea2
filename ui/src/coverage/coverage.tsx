// 职责覆盖: the duties of the mission, the files that serve each, and the cases that walk the files.
import { useQuery } from '@tanstack/react-query';
import { Select, Table, type TableColumnsType } from 'antd';
import { Link } from 'wouter';
import { rulebook, type MissionRow } from '../rulebook/questions';
import { about } from '../shell/asked';
import { Choice } from '../shell/choice';
import { useFilters, type Filters, type Put } from '../shell/filters';
import { Once, PageHead } from '../shell/parts';
import { Finder } from '../shell/finder';
import { useSpeech } from '../text/text';
import { ModuleCounts } from './module-counts';
import { useModules } from './modules';
import { COVER, STANDINGS, fits } from './rows';
import './coverage.css';

export default function Coverage() {
  const { say } = useSpeech();
  const { filters, put } = useFilters('/coverage');
  const found = useQuery(rulebook.coverage);
  return (
    <>
      <PageHead title={say('page_coverage')}>
        <span className="quiet">{say('coverage_hint')}</span>
        <span className="spring" />
        <Link href="/rulebook">{say('page_rulebook')}</Link>
      </PageHead>
      <Once of={found}>
        {({ rows, modules }) => (
          <>
            <Standings rows={rows} filters={filters} put={put} />
            <div className="panel">
              <FilterBar filters={filters} put={put} modules={modules} rows={rows} />
              <Rows rows={rows.filter((row) => fits(row, filters))} />
            </div>
            <ModuleCounts rows={rows} modules={modules} choose={(module) => put({ module })} />
          </>
        )}
      </Once>
    </>
  );
}

interface Props {
  rows: MissionRow[];
  filters: Filters;
  put: Put;
}

/** How many rows stand how, among those that the other filters leave. */
function Standings({ rows, filters, put }: Props) {
  const { say } = useSpeech();
  const left = rows.filter((row) => fits(row, { ...filters, standing: '' }));
  return (
    <div className="counts" role="group" aria-label={say('counts')}>
      {STANDINGS.map((standing) => {
        const count = left.filter((row) => row.standing === standing).length;
        return (
          <button
            key={standing}
            type="button"
            className="count"
            aria-pressed={filters.standing === standing}
            onClick={() => put({ standing: filters.standing === standing ? '' : standing })}
          >
            <span className="count-figure">{count}</span>
            <span>
              {COVER[standing].sign} {say(COVER[standing].title)}
            </span>
          </button>
        );
      })}
    </div>
  );
}

function FilterBar({ filters, put, modules, rows }: Props & { modules: string[] }) {
  const { say } = useSpeech();
  const module = useModules();
  const tiers = [...new Set(rows.map((row) => row.tier))].sort((a, b) => a - b);
  const shown = rows.filter((row) => fits(row, filters));
  return (
    <div className="filters">
      <Finder width={280} label={say('find_duty')} value={filters.q} find={(q) => put({ q })} />
      <Choice
        label={say('module')}
        value={filters.module}
        options={modules.map((value) => ({ value, label: module(value) }))}
        width={200}
        choose={(value) => put({ module: value })}
      />
      <Select
        allowClear
        style={{ width: 120 }}
        aria-label={say('tier')}
        placeholder={say('tier')}
        value={filters.tier}
        onChange={(value: string | undefined) => put({ tier: value ?? '' })}
        options={tiers.map((tier) => ({ value: String(tier), label: say('tier_n', { n: tier }) }))}
      />
      <span className="spring" />
      <span className="quiet">{say('rows_shown', { n: shown.length })}</span>
    </div>
  );
}

function Rows({ rows }: { rows: MissionRow[] }) {
  const { say, name } = useSpeech();
  const module = useModules();
  const columns: TableColumnsType<MissionRow> = [
    { title: say('number'), dataIndex: 'row', width: 70, className: 'number' },
    {
      title: say('duty'),
      render: (_, row) => (
        <>
          {name(row)} <span className="quiet number">{row.reference}</span>
        </>
      ),
    },
    { title: say('module'), width: 180, render: (_, row) => row.modules.map(module).join('、') },
    { title: say('tier'), width: 60, dataIndex: 'tier', align: 'center' },
    {
      title: say('status'),
      width: 120,
      render: (_, row) => <Cover standing={row.standing} />,
    },
    {
      title: say('files_and_cases'),
      width: 180,
      render: (_, row) =>
        row.files.length > 0 &&
        say('files_n_cases_n', { n: row.files.length, cases: pagesOf(row).length }),
    },
  ];
  return (
    <Table
      size="small"
      rowKey="row"
      columns={columns}
      dataSource={rows}
      expandable={{
        expandedRowRender: (row) => <Served row={row} />,
        rowExpandable: (row) => row.files.length > 0,
      }}
      pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
      scroll={{ x: 900 }}
      locale={{ emptyText: say('nothing_found') }}
    />
  );
}

function pagesOf(row: MissionRow): string[] {
  return [...new Set(row.files.flatMap((file) => file.pages))];
}

function Cover({ standing }: { standing: string }) {
  const { say } = useSpeech();
  const known = STANDINGS.find((one) => one === standing);
  if (!known) return standing;
  const { look, sign, title } = COVER[known];
  return (
    <span className={look}>
      {sign} {say(title)}
    </span>
  );
}

/** So many pages are named; a table of the books is walked by all of them. */
const NAMED = 6;

function Served({ row }: { row: MissionRow }) {
  const { say } = useSpeech();
  return (
    <ul className="served">
      {row.files.map((file) => (
        <li key={file.path}>
          <Link href={about('/rulebook/file', 'of', file.path)}>{file.path}</Link>
          <span className="quiet">{say('cases')}: </span>
          {file.pages.length === 0 && <span className="quiet">{say('no_cases')}</span>}
          {file.pages.slice(0, NAMED).map((page) => (
            <Link key={page} href={about('/rulebook/file', 'of', page)}>
              {page}
            </Link>
          ))}
          {file.pages.length > NAMED && (
            <span className="quiet">{say('and_more_pages', { n: file.pages.length - NAMED })}</span>
          )}
        </li>
      ))}
    </ul>
  );
}
