// 参数: every number by which the bank is kept, with today's value and where it comes from.
import { useQuery } from '@tanstack/react-query';
import { Checkbox, Select, Table, type TableColumnsType } from 'antd';
import { Link } from 'wouter';
import { about } from '../shell/asked';
import { areaOf, divisionOf, DIVISIONS } from '../shell/divisions';
import { useFilters, type Filters, type Put } from '../shell/filters';
import { Once, PageHead } from '../shell/parts';
import { Finder } from '../shell/finder';
import { useSpeech } from '../text/text';
import { confidence } from './confidence';
import { parameters, type Head } from './questions';
import { Sure } from './sure';
import { useUnits } from './units';

export default function Parameters() {
  const { say } = useSpeech();
  const { filters, put } = useFilters('/parameters');
  const found = useQuery(parameters.all);
  return (
    <>
      <PageHead title={say('page_parameters')}>
        <span className="quiet">{say('parameters_hint')}</span>
      </PageHead>
      <div className="panel">
        <Once of={found}>{(all) => <Found all={all} filters={filters} put={put} />}</Once>
      </div>
    </>
  );
}

function fits(one: Head, { q = '', division = '', unsure = '', changes = '' }: Filters): boolean {
  const text = `${one.code} ${one.zh} ${one.en} ${one.source ?? ''}`.toLowerCase();
  return (
    text.includes(q.trim().toLowerCase()) &&
    (division === '' || divisionOf(one.file) === division) &&
    (unsure === '' || confidence(one.source ?? '') === 'unsure') &&
    (changes === '' || one.changes)
  );
}

interface FoundProps {
  all: Head[];
  filters: Filters;
  put: Put;
}

function Found({ all, filters, put }: FoundProps) {
  const { say } = useSpeech();
  const shown = all.filter((one) => fits(one, filters));
  const divisions = DIVISIONS.filter((one) => all.some(({ file }) => one.areas.includes(areaOf(file))));
  return (
    <>
      <div className="filters">
        <Finder
          autoFocus
          width={280}
          label={say('find_parameter')}
          value={filters.q}
          find={(q) => put({ q })}
        />
        <Select
          allowClear
          style={{ width: 170 }}
          aria-label={say('division')}
          placeholder={say('division')}
          value={filters.division}
          onChange={(division: string | undefined) => put({ division: division ?? '' })}
          options={divisions.map((one) => ({ value: one.code, label: say(one.title) }))}
        />
        <Checkbox
          checked={Boolean(filters.unsure)}
          onChange={({ target }) => put({ unsure: target.checked ? '1' : '' })}
        >
          {say('only_unsure')}
        </Checkbox>
        <Checkbox
          checked={Boolean(filters.changes)}
          onChange={({ target }) => put({ changes: target.checked ? '1' : '' })}
        >
          {say('only_changing')}
        </Checkbox>
        <span className="spring" />
        <span className="quiet">{say('rows_shown', { n: shown.length })}</span>
      </div>
      <Rows rows={shown} />
    </>
  );
}

function Rows({ rows }: { rows: Head[] }) {
  const { say, name } = useSpeech();
  const { shown } = useUnits();
  const columns: TableColumnsType<Head> = [
    {
      title: say('parameter'),
      width: 300,
      render: (_, one) => (
        <Link href={about('/parameters/one', 'of', one.code)}>{name(one)}</Link>
      ),
    },
    { title: say('code'), dataIndex: 'code', width: 220, className: 'number' },
    {
      title: say('value_now'),
      width: 140,
      align: 'right',
      className: 'number',
      render: (_, one) =>
        one.value ? <strong>{shown(one.value, one.unit)}</strong> : say('not_in_force_yet'),
    },
    {
      title: say('in_force_from'),
      dataIndex: 'from',
      width: 130,
      className: 'number after-figure',
    },
    { title: say('ground'), dataIndex: 'source', ellipsis: true },
    {
      title: say('confidence'),
      width: 190,
      render: (_, one) => (
        <>
          <Sure source={one.source ?? ''} />{' '}
          {one.changes && <span className="word soon">{say('will_change')}</span>}{' '}
          {one.fixed && <span className="word off">{say('fixed')}</span>}
        </>
      ),
    },
  ];
  return (
    <Table
      size="small"
      rowKey="code"
      columns={columns}
      dataSource={rows}
      pagination={{ pageSize: 30, hideOnSinglePage: true, showSizeChanger: false }}
      scroll={{ x: 1000 }}
      locale={{ emptyText: say('nothing_found') }}
    />
  );
}
