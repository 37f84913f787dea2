// 事项查询: under way or ended, by every filter that the bank knows; filters and order stand in the
// address, so that a list can be sent to somebody else and come back to, and be kept as a view.
import { useQuery } from '@tanstack/react-query';
import { Segmented, Table, type TableProps } from 'antd';
import { useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { questions, type MatterQuery } from '../api/questions';
import type { Field } from '../form/field';
import { filtersIn, useFilters, type Filters } from '../shell/filters';
import { Once, PageHead, PageTurner } from '../shell/parts';
import { useSpeech } from '../text/text';
import { useColumns, type Head } from './columns';
import { Export } from './export';
import { FilterBar } from './filter-bar';
import { rowsOf, type Row } from './rows';
import { orderOfBank, parseSort, sorted, writtenSort, type Sort } from './sorting';
import {
  ColumnChooser,
  columnsOf,
  keepColumns,
  keepHidden,
  keptColumns,
  keptHidden,
  useValueColumns,
  usual,
} from './value-columns';
import { ViewBar } from './view-bar';
import { searchOf, type View } from './views';
import './list.css';

const PAGE = 50;

/** What a column of every matter needs at least; a narrow window scrolls the table. */
const WIDTH = 135;

/** What the bank is asked: an order that it does not keep is the page's own. */
function asked({ late, sort = '', ...filters }: Filters): MatterQuery {
  return {
    ...filters,
    limit: PAGE,
    ...(filters.code ? { values: true } : {}),
    ...(late ? { late: true } : {}),
    sort: orderOfBank(sort, filters.state === 'ended'),
  };
}

export default function MatterList() {
  const { say } = useSpeech();
  const [, go] = useLocation();
  const { filters, put } = useFilters('/matters');
  const page = useQuery(questions.matters(asked(filters)));
  const ended = filters.state === 'ended';
  const { fields, chosen, choose, hidden, hide } = useChosen(filters.code ?? '');
  const sort = useMemo(() => parseSort(filters.sort), [filters.sort]);
  const ofBank = (order: string) => orderOfBank(order, ended);
  const isWhole = sort === null || ofBank(filters.sort ?? '') !== '';
  const rows = useMemo(
    () => sorted(rowsOf(page.data), isWhole ? null : sort),
    [page.data, sort, isWhole],
  );
  const plain = usePlain(ended, fields.length > 0);
  const show = (view: View) => {
    const { code = '' } = filtersIn(view.search);
    hide(view.hidden);
    if (view.fields) choose(view.fields, code);
    go(`/matters?${view.search}`);
  };
  const shown = fields.filter((field) => chosen.includes(field.name));
  return (
    <>
      <PageHead title={say('page_matters')}>
        <Segmented
          value={ended ? 'ended' : 'open'}
          options={[
            { value: 'open', label: say('state_open') },
            { value: 'ended', label: say('state_ended') },
          ]}
          onChange={(state) =>
            put({ state: state === 'ended' ? 'ended' : '', at: '', late: '', sort: '' })
          }
        />
        <ViewBar
          now={{ search: searchOf(filters), hidden, fields: filters.code ? chosen : null }}
          show={show}
        />
        <span className="spring" />
        <Export
          asked={asked({ ...filters, cursor: '' })}
          ended={ended}
          fields={shown}
          sort={sort}
          disabled={rows.length === 0}
        />
      </PageHead>
      <div className="panel">
        <FilterBar filters={filters} put={put} ended={ended}>
          <ColumnChooser
            fields={fields}
            chosen={chosen}
            choose={choose}
            plain={plain.map((one) => ({ key: keyOf(one), title: titleOf(one) }))}
            hidden={hidden}
            hide={hide}
          />
        </FilterBar>
        <Once of={page}>
          {({ matters, cursor }) => (
            <>
              <Rows
                rows={rows}
                plain={plain.filter((one) => !hidden.includes(keyOf(one)))}
                fields={shown}
                sort={sort}
                ended={ended}
                order={(next) => {
                  // Another order of the whole list begins at its first page.
                  const stays = ofBank(next) === ofBank(filters.sort ?? '');
                  put({ sort: next, cursor: stays ? (filters.cursor ?? '') : '' });
                }}
              />
              {!isWhole && <p className="quiet">{say('sorted_page_only')}</p>}
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

type Column = ReturnType<typeof useColumns>[number];

function keyOf(column: Column): string {
  return String(column.key ?? '');
}

function titleOf(column: Column): string {
  return typeof column.title === 'string' ? column.title : keyOf(column);
}

/** Columns of every matter. Of one kind there is nothing to say of which kind it is. */
function usePlain(ended: boolean, ofOneKind: boolean): Column[] {
  const columns = useColumns(ended);
  return ofOneKind ? columns.filter((one) => keyOf(one) !== 'matter') : columns;
}

/** The fields of the kind that is listed, those among them that have a column, and what is hidden. */
function useChosen(code: string) {
  const { data: kind } = useQuery({ ...questions.kind(code), enabled: code !== '' });
  const [picked, setPicked] = useState<Record<string, string[]>>({});
  const [hidden, setHidden] = useState(keptHidden);
  const fields = useMemo(() => (kind && code !== '' ? columnsOf(kind) : []), [kind, code]);
  const chosen = picked[code] ?? keptColumns(code) ?? usual(fields);
  const choose = (names: string[], of: string = code) => {
    keepColumns(of, names);
    setPicked((before) => ({ ...before, [of]: names }));
  };
  const hide = (keys: string[]) => {
    keepHidden(keys);
    setHidden(keys);
  };
  return { fields, chosen, choose, hidden, hide };
}

interface RowsProps {
  rows: Row[];
  plain: Column[];
  fields: Field[];
  sort: Sort | null;
  ended: boolean;
  order: (sort: string) => void;
}

function Rows({ rows, plain, fields, sort, ended, order }: RowsProps) {
  const { say } = useSpeech();
  const values = useMemo(() => new Map(rows.map((row) => [row.head.id, row.values])), [rows]);
  const own = useValueColumns(fields, values);
  const direction: 'ascend' | 'descend' = sort?.isDescending ? 'descend' : 'ascend';
  const ordered = [...plain.slice(0, 1), ...own, ...plain.slice(1)].map((column) => ({
    ...column,
    // The rows come in order already: the table only shows and asks for it.
    sorter: () => 0,
    sortOrder: sort?.column === keyOf(column) ? direction : null,
    showSorterTooltip: {
      title: say(orderOfBank(keyOf(column), ended) ? 'sorts_all' : 'sorts_page'),
    },
  }));
  const change: TableProps<Head>['onChange'] = (_page, _filters, sorter) => {
    const [first] = Array.isArray(sorter) ? sorter : [sorter];
    order(writtenSort(String(first?.columnKey ?? ''), first?.order));
  };
  return (
    <Table
      size="small"
      rowKey="id"
      columns={ordered}
      dataSource={rows.map((row) => row.head)}
      pagination={false}
      onChange={change}
      scroll={{ x: WIDTH * plain.length + 150 * own.length }}
      locale={{ emptyText: say('nothing_found') }}
    />
  );
}
