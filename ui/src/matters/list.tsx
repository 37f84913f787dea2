// 事项查询: under way or ended, by every filter that the bank knows; the filters stand in the address,
// so that a list can be sent to somebody else and come back to.
import { DownloadOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, DatePicker, Input, Segmented, Select, Table } from 'antd';
import dayjs from 'dayjs';
import { useMemo, useState, type ReactNode } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { Schemas } from '../api/client';
import { questions, type MatterQuery } from '../api/questions';
import { useChoices, useNames } from '../form/names';
import { Once, PageHead, PageTurner } from '../shell/parts';
import { instant } from '../shell/time';
import { useSpeech } from '../text/text';
import type { Field, Values } from '../form/field';
import { useColumns, type Head } from './columns';
import { csv, download } from './csv';
import {
  ColumnChooser,
  columnsOf,
  keepColumns,
  keptColumns,
  useValueColumns,
  usual,
} from './value-columns';

type Filters = Record<string, string>;

const PAGE = 50;

/** What the table needs beside columns of fields; a narrow window scrolls it. */
const WIDTH = 940;

function read(search: string): Filters {
  return Object.fromEntries(new URLSearchParams(search));
}

function asked({ late, cursor, ...rest }: Filters): MatterQuery {
  return {
    ...rest,
    limit: PAGE,
    ...(rest.code ? { values: true } : {}),
    ...(late ? { late: true } : {}),
    ...(cursor ? { cursor: Number(cursor) } : {}),
  };
}

export default function MatterList() {
  const { say } = useSpeech();
  const search = useSearch();
  const [, go] = useLocation();
  const filters = useMemo(() => read(search), [search]);
  const page = useQuery(questions.matters(asked(filters)));
  const ended = filters.state === 'ended';
  const { fields, chosen, choose } = useChosen(filters.code ?? '');
  const rows = useMemo(() => rowsOf(page.data), [page.data]);
  const put = (part: Filters) => {
    const next = Object.entries({ ...filters, cursor: '', ...part }).filter(([, value]) => value);
    go(`/matters?${new URLSearchParams(next).toString()}`, { replace: !part.cursor });
  };
  return (
    <>
      <PageHead title={say('page_matters')}>
        <Segmented
          value={ended ? 'ended' : 'open'}
          options={[
            { value: 'open', label: say('state_open') },
            { value: 'ended', label: say('state_ended') },
          ]}
          onChange={(state) => put({ state: state === 'ended' ? 'ended' : '', at: '', late: '' })}
        />
        <span className="spring" />
        <Export rows={rows} ended={ended} fields={shownOf(fields, chosen)} />
      </PageHead>
      <div className="panel">
        <FilterBar filters={filters} put={put} ended={ended}>
          {fields.length > 0 && <ColumnChooser fields={fields} chosen={chosen} choose={choose} />}
        </FilterBar>
        <Once of={page}>
          {({ matters, cursor }) => (
            <>
              <Rows rows={rows} ended={ended} fields={fields} chosen={chosen} />
              <PageTurner
                shown={matters.length}
                isFirst={!filters.cursor}
                next={cursor}
                turn={(cursor) => put({ cursor })}
              />
            </>
          )}
        </Once>
      </div>
    </>
  );
}

interface Row {
  head: Head;
  values: Values;
}

function rowsOf(page: Schemas['MatterPage'] | undefined): Row[] {
  return (page?.matters ?? []).map((head, at) => ({ head, values: page?.values[at] ?? {} }));
}

function shownOf(fields: readonly Field[], chosen: readonly string[]): Field[] {
  return fields.filter((field) => chosen.includes(field.name));
}

/** The fields of the kind that is listed, and those among them that have a column. */
function useChosen(code: string) {
  const { data: kind } = useQuery({ ...questions.kind(code), enabled: code !== '' });
  const [picked, setPicked] = useState<Record<string, string[]>>({});
  const fields = useMemo(() => (kind && code !== '' ? columnsOf(kind) : []), [kind, code]);
  const chosen = picked[code] ?? keptColumns(code) ?? usual(fields);
  const choose = (names: string[]) => {
    keepColumns(code, names);
    setPicked({ ...picked, [code]: names });
  };
  return { fields, chosen, choose };
}

interface RowsProps {
  rows: Row[];
  ended: boolean;
  fields: Field[];
  chosen: string[];
}

function Rows({ rows, ended, fields, chosen }: RowsProps) {
  const { say } = useSpeech();
  const values = useMemo(() => new Map(rows.map((row) => [row.head.id, row.values])), [rows]);
  const own = useValueColumns(fields, chosen, values);
  const plain = useColumns(ended);
  // Of one kind there is nothing to say of which kind it is.
  const columns =
    fields.length > 0 ? [...plain.slice(0, 1), ...own, ...plain.slice(2)] : plain;
  return (
    <Table
      size="small"
      rowKey="id"
      columns={columns}
      dataSource={rows.map((row) => row.head)}
      pagination={false}
      scroll={{ x: WIDTH + 150 * own.length }}
      locale={{ emptyText: say('nothing_found') }}
    />
  );
}

interface BarProps {
  filters: Filters;
  put: (part: Filters) => void;
  ended: boolean;
  children: ReactNode;
}

function FilterBar({ filters, put, ended, children }: BarProps) {
  const { say, name } = useSpeech();
  const { data: kinds } = useQuery(questions.kinds);
  const { institutions, operators } = useChoices();
  const code = filters.code ?? '';
  const { data: kind } = useQuery({ ...questions.kind(code), enabled: code !== '' });
  const stands = ended
    ? (kind?.ends ?? []).map((end) => ({ value: end.name, label: name(end.title) }))
    : (kind?.steps ?? []).map((step) => ({ value: step.name, label: name(step.title) }));
  const select = (key: string, label: string, options: { value: string; label: string }[], width: number) => (
    <Select
      allowClear
      style={{ width }}
      aria-label={label}
      placeholder={label}
      value={filters[key]}
      onChange={(value: string | undefined) =>
        put({ [key]: value ?? '', ...(key === 'code' ? { at: '' } : {}) })
      }
      options={options}
      showSearch={{ optionFilterProp: 'label' }}
    />
  );
  return (
    <div className="filters">
      {select(
        'code',
        say('matter'),
        (kinds ?? []).map((one) => ({ value: one.code, label: `${one.code} ${name(one.title)}` })),
        240,
      )}
      {stands.length > 0 && select('at', say(ended ? 'result' : 'step'), stands, 130)}
      {select(
        'institution',
        say('institution'),
        institutions.map((one) => ({ value: one.code, label: `${one.code} ${name(one.title)}` })),
        180,
      )}
      {select(
        'opener',
        say('opener'),
        operators.map((one) => ({ value: one.operator, label: `${one.name} ${one.operator}` })),
        140,
      )}
      <Input.Search
        key={filters.number ?? ''}
        allowClear
        style={{ width: 200 }}
        aria-label={say('matter_number')}
        placeholder={say('matter_number')}
        defaultValue={filters.number}
        onSearch={(number) => put({ number: number.trim() })}
      />
      <DatePicker.RangePicker
        aria-label={say(ended ? 'ended_on' : 'opened')}
        allowEmpty={[true, true]}
        value={[
          filters.from ? dayjs(filters.from) : null,
          filters.until ? dayjs(filters.until) : null,
        ]}
        onChange={(days) =>
          put({
            from: days?.[0]?.format('YYYY-MM-DD') ?? '',
            until: days?.[1]?.format('YYYY-MM-DD') ?? '',
          })
        }
        style={{ width: 230 }}
      />
      {!ended && (
        <Checkbox
          checked={Boolean(filters.late)}
          onChange={(event) => put({ late: event.target.checked ? '1' : '' })}
        >
          {say('only_late')}
        </Checkbox>
      )}
      {children}
    </div>
  );
}

/** A value as a cell of a file: lists with commas, amounts plain so that they add up there. */
function cellOf(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (value === undefined || value === null) return '';
  return Array.isArray(value) ? value.map(cellOf).join(',') : JSON.stringify(value);
}

function Export({ rows, ended, fields }: { rows: Row[]; ended: boolean; fields: Field[] }) {
  const { say, name } = useSpeech();
  const names = useNames();
  const write = () => {
    const head = [
      say('matter_number'),
      say('matter'),
      say(ended ? 'result' : 'step'),
      say('institution'),
      say('opener'),
      say('opened'),
      say(ended ? 'ended_on' : 'due'),
      ...fields.map((field) => name(field.title)),
    ];
    const body = rows.map(({ head: one, values }) => [
      one.number,
      name(one.title),
      name(one.at_title),
      `${one.institution} ${names.institution(one.institution)}`,
      `${one.opener} ${names.operator(one.opener)}`,
      one.opened,
      one.ended ?? (one.due ? instant(one.due) : ''),
      ...fields.map((field) => cellOf(values[field.name])),
    ]);
    download(`${say('page_matters')}.csv`, csv([head, ...body]));
  };
  return (
    <Button icon={<DownloadOutlined />} disabled={rows.length === 0} onClick={write}>
      {say('export_csv')}
    </Button>
  );
}
