// 谁能办: of a matter, who may put which hand to each step, with the people who hold the posts today;
// of a post, all that it may.
import { useQuery } from '@tanstack/react-query';
import { Alert, Table, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import { questions } from '../api/questions';
import { useChoices, useNames } from '../form/names';
import { about } from '../shell/asked';
import { Once } from '../shell/parts';
import { Choice } from '../shell/choice';
import { useSpeech } from '../text/text';
import type { TabProps } from './organisation';
import { organisation, type Right, type Rights } from './questions';
import { useRoles } from './roles';
import { useTitles } from './step-titles';

/** So many names are read; more are counted. */
const NAMED = 8;

export function WhoMay({ filters, put }: TabProps) {
  const { say, name } = useSpeech();
  const { data: kinds } = useQuery(questions.kinds);
  const { posts } = useChoices();
  const { matter = '', post = '' } = filters;
  const asked = matter !== '' || post !== '';
  const rights = useQuery({ ...organisation.rights({ matter, post }), enabled: asked });
  const select = (key: string, label: string, options: { value: string; label: string }[]) => (
    <Choice
      label={label}
      value={filters[key]}
      options={options}
      width={280}
      choose={(value) => put({ [key]: value })}
    />
  );
  return (
    <div className="panel">
      <div className="filters">
        {select(
          'matter',
          say('matter'),
          (kinds ?? []).map((one) => ({ value: one.code, label: `${one.code} ${name(one.title)}` })),
        )}
        {select(
          'post',
          say('posts'),
          posts.map((one) => ({ value: one.code, label: name(one.title) })),
        )}
      </div>
      {asked ? (
        <Once of={rights}>{(found) => <Found key={`${matter} ${post}`} found={found} post={post} />}</Once>
      ) : (
        <Alert type="info" showIcon title={say('who_hint')} />
      )}
    </div>
  );
}

/** Rows on a page: only for those are the titles of steps asked for. */
const PAGE = 30;

function Found({ found, post }: { found: Rights; post: string }) {
  const { say, name } = useSpeech();
  return (
    <>
      <Hands rights={found.rights} />
      {post !== '' && found.functions.length > 0 && (
        <>
          <h3 className="sub">{say('beside_matters')}</h3>
          <ul className="plain">
            {found.functions.map((one) => (
              <li key={one.function}>
                {name(one)} <span className="quiet number">{one.function}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Hands({ rights }: { rights: Right[] }) {
  const { say } = useSpeech();
  const names = useNames();
  const { role, where } = useRoles();
  const [page, setPage] = useState(1);
  const shown = rights.slice((page - 1) * PAGE, page * PAGE);
  const titles = useTitles([...new Set(shown.map((one) => one.matter))]);
  const columns: TableColumnsType<Right> = [
    {
      title: say('matter'),
      render: (_, one) => (
        <Link href={`/organisation?tab=who&matter=${one.matter}`}>
          {titles.matter(one.matter)} <span className="number quiet">{one.matter}</span>
        </Link>
      ),
    },
    { title: say('step_name'), width: 130, render: (_, one) => titles.step(one.matter, one.step) },
    {
      title: say('hand'),
      width: 110,
      render: (_, one) => `${role(one.role)}${one.count > 1 ? ` ×${one.count}` : ''}`,
    },
    {
      title: say('posts'),
      width: 140,
      render: (_, one) => (one.post ? names.post(one.post) : say('named_by_field')),
    },
    {
      title: say('limits'),
      width: 190,
      render: (_, one) => (
        <>
          {where(one.at)}
          {one.up_to && (
            <>
              {' · '}
              <Link href={about('/parameters/one', 'of', one.up_to)}>
                {say('up_to_number', { number: one.up_to })}
              </Link>
            </>
          )}
          {one.when && <span className="quiet"> · {one.when}</span>}
        </>
      ),
    },
    { title: say('people'), width: 220, render: (_, one) => <Holders post={one.post ?? ''} /> },
  ];
  return (
    <Table
      size="small"
      rowKey={(one) => [one.matter, one.step, one.post, one.role, one.at, one.when, one.up_to].join(' ')}
      columns={columns}
      dataSource={rights}
      scroll={{ x: 960 }}
      pagination={{
        pageSize: PAGE,
        current: page,
        onChange: setPage,
        hideOnSinglePage: true,
        showSizeChanger: false,
      }}
      locale={{ emptyText: say('nothing_found') }}
    />
  );
}

function Holders({ post }: { post: string }) {
  const { say } = useSpeech();
  const { operators } = useChoices();
  if (post === '') return null;
  const holding = operators.filter((one) => one.posts.includes(post));
  if (holding.length === 0) return <span className="word late">! {say('nobody_holds_it')}</span>;
  const more = holding.length - NAMED;
  const named = holding.slice(0, NAMED).map((one) => `${one.name}(${one.institution})`);
  return (
    <span>
      {named.join('、')} {more > 0 && <span className="quiet">{say('and_more', { n: more })}</span>}
    </span>
  );
}
