// The tree of institutions at the left; who works there, with the posts that they hold today.
import { useQuery } from '@tanstack/react-query';
import { Input, Select, Table, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import { useChoices, useNames } from '../form/names';
import { about } from '../shell/asked';
import { Once, PageTurner } from '../shell/parts';
import { Choice } from '../shell/choice';
import { Finder } from '../shell/finder';
import { useSpeech } from '../text/text';
import type { TabProps } from './organisation';
import { organisation, type Institution, type OperatorHead } from './questions';
import { Standing, STANDINGS, standingTitle } from './standing';

export function People({ filters, put }: TabProps) {
  const institutions = useQuery(organisation.institutions);
  const { institution = '', post = '', standing = '', q = '', cursor = '' } = filters;
  const page = useQuery(organisation.operators({ institution, post, standing, q, cursor, limit: 50 }));
  return (
    <div className="people">
      <Once of={institutions}>
        {(all) => (
          <Tree
            institutions={all}
            chosen={filters.institution ?? ''}
            choose={(institution) => put({ institution })}
          />
        )}
      </Once>
      <div className="panel">
        <FilterBar filters={filters} put={put} />
        <Once of={page}>
          {({ operators, cursor }) => (
            <>
              <Rows rows={operators} />
              <PageTurner
                shown={operators.length}
                isFirst={!filters.cursor}
                next={cursor}
                turn={(next) => put({ cursor: next })}
              />
            </>
          )}
        </Once>
      </div>
    </div>
  );
}

interface TreeProps {
  institutions: Institution[];
  chosen: string;
  choose: (institution: string) => void;
}

function Tree({ institutions, chosen, choose }: TreeProps) {
  const { say, name } = useSpeech();
  const [wanted, setWanted] = useState('');
  const shown = institutions.filter((one) =>
    `${one.code} ${one.zh} ${one.en}`.toLowerCase().includes(wanted.trim().toLowerCase()),
  );
  return (
    <section className="panel" aria-labelledby="institutions">
      <h2 id="institutions">
        {say('institutions')} <span className="quiet">{institutions.length}</span>
      </h2>
      <Finder label={say('find_institution')} value={wanted} find={setWanted} />
      <ul className="tree">
        {shown.map((one) => (
          <li key={one.code} style={{ paddingLeft: wanted ? 0 : 16 * one.depth }}>
            <button
              type="button"
              aria-pressed={chosen === one.code}
              onClick={() => choose(chosen === one.code ? '' : one.code)}
            >
              <span className="number quiet">{one.code}</span> {name(one)}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function FilterBar({ filters, put }: TabProps) {
  const { say, name } = useSpeech();
  const { posts } = useChoices();
  return (
    <div className="filters">
      <Input.Search
        key={filters.q ?? ''}
        allowClear
        style={{ width: 220 }}
        aria-label={say('find_operator')}
        placeholder={say('find_operator')}
        defaultValue={filters.q}
        onSearch={(q) => put({ q: q.trim() })}
      />
      <Choice
        label={say('posts')}
        value={filters.post}
        options={posts.map((one) => ({ value: one.code, label: name(one.title) }))}
        width={190}
        choose={(post) => put({ post })}
      />
      <Select
        allowClear
        style={{ width: 120 }}
        aria-label={say('standing')}
        placeholder={say('standing')}
        value={filters.standing}
        onChange={(standing: string | undefined) => put({ standing: standing ?? '' })}
        options={STANDINGS.map((one) => ({ value: one, label: say(standingTitle(one) ?? 'standing') }))}
      />
    </div>
  );
}

function Rows({ rows }: { rows: OperatorHead[] }) {
  const { say } = useSpeech();
  const names = useNames();
  const columns: TableColumnsType<OperatorHead> = [
    {
      title: say('operator_number'),
      dataIndex: 'operator',
      width: 110,
      render: (operator: string) => (
        <Link href={about('/organisation/operator', 'of', operator)} className="number">
          {operator}
        </Link>
      ),
    },
    { title: say('full_name'), dataIndex: 'name', width: 100 },
    {
      title: say('institution'),
      width: 170,
      render: (_, one) => `${one.institution} ${names.institution(one.institution)}`,
    },
    {
      title: say('posts_today'),
      render: (_, one) =>
        one.posts.length > 0 ? (
          one.posts.map(names.post).join('、')
        ) : (
          <span className="quiet">{say('no_posts')}</span>
        ),
    },
    { title: say('standing'), width: 90, render: (_, one) => <Standing standing={one.standing} /> },
  ];
  return (
    <Table
      size="small"
      rowKey="operator"
      columns={columns}
      dataSource={rows}
      pagination={false}
      locale={{ emptyText: say('nothing_found') }}
    />
  );
}
