// Posts: who holds them, when they rotate; and which posts nobody holds together, and why.
import { useQuery } from '@tanstack/react-query';
import { Table } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import { useChoices, useNames } from '../form/names';
import { about } from '../shell/asked';
import { Once } from '../shell/parts';
import { Finder } from '../shell/finder';
import { useSpeech } from '../text/text';
import { organisation, type Post } from './questions';
import { pairs } from './rights';

export function Posts() {
  const posts = useQuery(organisation.posts);
  return (
    <Once of={posts}>
      {(all) => (
        <>
          <List posts={all} />
          <Apart posts={all} />
        </>
      )}
    </Once>
  );
}

function List({ posts }: { posts: Post[] }) {
  const { say, name } = useSpeech();
  const names = useNames();
  const { operators } = useChoices();
  const [wanted, setWanted] = useState('');
  const text = wanted.trim().toLowerCase();
  const shown = posts.filter((one) => `${one.code} ${one.zh} ${one.en}`.toLowerCase().includes(text));
  const holders = (code: string) => operators.filter((one) => one.posts.includes(code)).length;
  return (
    <section className="panel" aria-labelledby="all-posts">
      <h2 id="all-posts">
        {say('posts')} <span className="quiet">{posts.length}</span>
      </h2>
      <div className="filters">
        <Finder width={220} label={say('find_post')} value={wanted} find={setWanted} />
      </div>
      <Table
        size="small"
        rowKey="code"
        dataSource={shown}
        pagination={{ pageSize: 15, hideOnSinglePage: true, showSizeChanger: false }}
        columns={[
          { title: say('posts'), width: 160, render: (_, one) => name(one) },
          { title: say('code'), dataIndex: 'code', width: 160, className: 'number' },
          {
            title: say('holders'),
            width: 90,
            align: 'right',
            className: 'number',
            render: (_, one) => (
              <Link href={`/organisation?post=${one.code}`}>{holders(one.code)}</Link>
            ),
          },
          {
            title: say('rotation'),
            width: 130,
            className: 'after-figure',
            render: (_, one) =>
              one.rotate_months ? (
                <Link href={about('/parameters/one', 'of', one.rotate_months)}>{say('rotates')}</Link>
              ) : (
                <span className="quiet">—</span>
              ),
          },
          {
            title: say('apart_from'),
            render: (_, one) =>
              [...new Set(one.apart.flatMap((apart) => apart.posts))].map(names.post).join('、'),
          },
          {
            title: say('actions'),
            width: 100,
            render: (_, one) => (
              <Link href={`/organisation?tab=who&post=${one.code}`}>{say('its_rights')}</Link>
            ),
          },
        ]}
      />
    </section>
  );
}

function Apart({ posts }: { posts: Post[] }) {
  const { say, name } = useSpeech();
  const names = useNames();
  const all = pairs(posts);
  return (
    <section className="panel" aria-labelledby="apart">
      <h2 id="apart">
        {say('incompatible')} <span className="quiet">{all.length}</span>
      </h2>
      <Table
        size="small"
        rowKey="key"
        dataSource={all}
        pagination={{ pageSize: 15, hideOnSinglePage: true, showSizeChanger: false }}
        columns={[
          {
            title: say('incompatible_posts'),
            render: (_, one) => one.posts.map(names.post).join(' ⇹ '),
          },
          { title: say('reason'), render: (_, one) => name(one.why) },
          {
            title: say('ground'),
            render: (_, one) => <span className="quiet">{one.source}</span>,
          },
        ]}
      />
    </section>
  );
}
