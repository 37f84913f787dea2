// 库存: who holds what. Every place of the bank under its institution, with its cash and the kinds of
// numbered stock that lie there; the filters stand in the address.
import { useQuery } from '@tanstack/react-query';
import { Table, type TableColumnsType } from 'antd';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { news } from '../api/news';
import { grouped } from '../form/amount';
import { useChoices, useNames } from '../form/names';
import { useFilters, type Filters, type Put } from '../shell/filters';
import { Once, PageHead } from '../shell/parts';
import { Choice } from '../shell/choice';
import { Finder } from '../shell/finder';
import { useSpeech } from '../text/text';
import { placePath } from './paths';
import { usePlaceName } from './place-name';
import { custody, type PlaceHead } from './questions';
import { byInstitution, byKind, cashOf, fits, type Group } from './sums';
import { ThingFinder } from './thing-finder';
import './custody.css';

export default function CustodyMap() {
  const { say } = useSpeech();
  const { filters, put } = useFilters('/custody');
  const places = useQuery({ ...custody.places(filters.institution ?? ''), ...news });
  return (
    <>
      <PageHead title={say('page_custody')}>
        <span className="spring" />
        <ThingFinder />
      </PageHead>
      <Once of={places}>
        {(all) => (
          <>
            <Kinds places={all} chosen={filters.kind ?? ''} choose={(kind) => put({ kind })} />
            <div className="panel">
              <FilterBar filters={filters} put={put} />
              <Places places={all} filters={filters} />
            </div>
          </>
        )}
      </Once>
    </>
  );
}

interface KindsProps {
  places: PlaceHead[];
  chosen: string;
  choose: (kind: string) => void;
}

/** The bank's cash by where it lies; a kind is chosen by pressing it. */
function Kinds({ places, chosen, choose }: KindsProps) {
  const { say, name } = useSpeech();
  const holding = byKind(places).filter((one) => one.cash !== '0.00');
  const sum = (title: string, cash: string, kind: string, count: number) => (
    <button
      key={kind}
      type="button"
      className="count count-tall"
      aria-pressed={chosen === kind}
      onClick={() => choose(chosen === kind ? '' : kind)}
    >
      <span className="quiet">
        {title} · {say('places_n', { n: count })}
      </span>
      <span className="count-figure">{grouped(cash)}</span>
    </button>
  );
  return (
    <div className="counts counts-wrap" role="group" aria-label={say('cash_by_kind')}>
      {sum(say('cash_in_all'), cashOf(places), '', places.length)}
      {holding.map((one) => sum(name(one), one.cash, one.kind, one.places))}
    </div>
  );
}

interface BarProps {
  filters: Filters;
  put: Put;
}

function FilterBar({ filters, put }: BarProps) {
  const { say, name } = useSpeech();
  const { institutions, place_kinds, stocks } = useChoices();
  const select = (key: string, label: string, options: { value: string; label: string }[]) => (
    <Choice
      label={label}
      value={filters[key]}
      options={options}
      width={200}
      choose={(value) => put({ [key]: value })}
    />
  );
  const titled = (list: { code: string; title: { zh: string; en: string } }[]) =>
    list.map((one) => ({ value: one.code, label: name(one.title) }));
  return (
    <div className="filters">
      <Finder
        width={240}
        label={say('find_place')}
        value={filters.text}
        find={(text) => put({ text })}
      />
      {select(
        'institution',
        say('institution'),
        institutions.map((one) => ({ value: one.code, label: `${one.code} ${name(one.title)}` })),
      )}
      {select('kind', say('place_kind'), titled(place_kinds))}
      {select('stock', say('holding_stock'), titled(stocks))}
    </div>
  );
}

interface Row {
  key: string;
  group?: Group;
  place?: PlaceHead;
  children?: Row[];
}

function rowsOf(groups: readonly Group[]): Row[] {
  return groups.map((group) => ({
    key: `@${group.institution}`,
    group,
    children: group.places.map((place) => ({ key: place.place, place })),
  }));
}

function Places({ places, filters }: { places: PlaceHead[]; filters: Filters }) {
  const { say } = useSpeech();
  const told = usePlaceName();
  const columns = useColumns();
  const [shut, setShut] = useState<readonly string[]>([]);
  const { kind = '', stock = '', text = '' } = filters;
  const rows = useMemo(() => {
    const wanted = { kind, stock, text };
    const shown = places.filter((place) => fits(place, wanted, told(place.place)));
    return rowsOf(byInstitution(shown));
  }, [places, kind, stock, text, told]);
  return (
    <Table
      size="small"
      columns={columns}
      dataSource={rows}
      pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
      scroll={{ x: 900 }}
      rowClassName={(row) => (row.group ? 'row-group' : '')}
      expandable={{
        expandedRowKeys: rows.map((row) => row.key).filter((key) => !shut.includes(key)),
        onExpand: (open, { key }) =>
          setShut(open ? shut.filter((one) => one !== key) : [...shut, key]),
      }}
      locale={{ emptyText: say('nothing_found') }}
    />
  );
}

/** Under its institution a place need not name it again. */
function shortly(told: string, place: PlaceHead): string {
  const [, ...rest] = told.split(' · ');
  return place.institution && rest.length > 0 ? rest.join(' · ') : told;
}

function useColumns(): TableColumnsType<Row> {
  const { say, name } = useSpeech();
  const names = useNames();
  const told = usePlaceName();
  return [
    {
      title: say('place'),
      width: 340,
      render: (_, { group, place }) =>
        place ? (
          <Link href={placePath(place.place)}>{shortly(told(place.place), place)}</Link>
        ) : (
          <strong>
            {group?.institution
              ? `${group.institution} ${names.institution(group.institution)}`
              : say('places_ends')}
          </strong>
        ),
    },
    {
      title: say('place_kind'),
      width: 150,
      render: (_, { group, place }) =>
        group ? (
          <span className="quiet">{say('places_n', { n: group.places.length })}</span>
        ) : (
          place && name({ zh: place.kind_zh, en: place.kind_en })
        ),
    },
    {
      title: say('keeper'),
      width: 150,
      render: (_, { place }) =>
        place &&
        (place.keeper ? names.operator(place.keeper) : names.post(place.keeper_post ?? '')),
    },
    {
      title: say('cash'),
      width: 170,
      align: 'right',
      className: 'number',
      render: (_, { group, place }) =>
        group ? <strong>{grouped(group.cash)}</strong> : place && grouped(place.cash),
    },
    {
      title: say('numbered_stock'),
      className: 'after-figure',
      render: (_, { place }) => place?.kinds.map(names.stock).join('、'),
    },
  ];
}
