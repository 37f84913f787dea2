// The divisions at the side, and which page one is on.
import { useQuery } from '@tanstack/react-query';
import { Menu, type MenuProps } from 'antd';
import { useMemo } from 'react';
import { useLocation } from 'wouter';
import { questions } from '../api/questions';
import { useSpeech } from '../text/text';
import { groupsOf } from './menu';
import { useSession } from './session';

type Items = NonNullable<MenuProps['items']>;

export function SideMenu() {
  const { say } = useSpeech();
  const session = useSession();
  const [at, go] = useLocation();
  const { data: kinds } = useQuery(questions.kinds);
  const groups = useMemo(() => groupsOf(session, kinds ?? []), [session, kinds]);
  const items = useMemo<Items>(() => {
    const own: Items = [
      { key: '/', label: say('page_work') },
      { key: '/matters/new', label: say('page_new') },
      { key: '/matters', label: say('page_matters') },
      { type: 'divider' },
    ];
    const divisions = groups.map(({ division, pages, matters }) => {
      const key = `/divisions/${division.code}`;
      if (pages.length === 0) return { key, label: say(division.title) };
      const children = pages.map((page) => ({ key: page.path, label: say(page.title) }));
      if (matters) children.push({ key, label: say('division_matters') });
      return { key: division.code, label: say(division.title), children };
    });
    return [...own, ...divisions];
  }, [groups, say]);
  const selected = at.startsWith('/matters/new/') ? '/matters/new' : at;
  const open = useMemo(
    () => groups.filter((group) => group.pages.length > 0).map((group) => group.division.code),
    [groups],
  );
  return (
    <nav aria-label={say('divisions')} style={{ padding: '6px 0' }}>
      {kinds && (
        <Menu
          mode="inline"
          inlineIndent={14}
          items={items}
          selectedKeys={[selected]}
          defaultOpenKeys={open}
          onClick={({ key }) => go(key)}
        />
      )}
    </nav>
  );
}
