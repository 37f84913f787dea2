// The divisions at the side, and which page one is on.
import { useQuery } from '@tanstack/react-query';
import { Menu, type MenuProps } from 'antd';
import { useEffect, useMemo } from 'react';
import { useLocation } from 'wouter';
import { news } from '../api/news';
import { questions } from '../api/questions';
import { useSpeech } from '../text/text';
import { groupsOf } from './menu';
import { useSession } from './session';

type Items = NonNullable<MenuProps['items']>;

/** How much waits for whoever is here, also in the title of the window. */
function Work() {
  const { say } = useSpeech();
  const { data } = useQuery({ ...questions.queue({ queue: 'mine', limit: 1 }), ...news });
  const waiting = data?.waiting ?? 0;
  const late = (data?.late ?? 0) > 0;
  useEffect(() => {
    document.title = waiting > 0 ? `(${waiting}) ${say('product')}` : say('product');
  }, [waiting, say]);
  return (
    <span className="menu-work">
      {say('page_work')}
      {waiting > 0 && (
        <span
          className={late ? 'word late' : 'word'}
          aria-label={say(late ? 'waiting_late' : 'waiting_n', { n: waiting })}
          role="img"
        >
          {late && '! '}
          {waiting > 99 ? '99+' : waiting}
        </span>
      )}
    </span>
  );
}

export function SideMenu() {
  const { say } = useSpeech();
  const session = useSession();
  const [at, go] = useLocation();
  const { data: kinds } = useQuery(questions.kinds);
  const groups = useMemo(() => groupsOf(session, kinds ?? []), [session, kinds]);
  const items = useMemo<Items>(() => {
    const own: Items = [
      { key: '/', label: <Work /> },
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
  const selected = useMemo(() => {
    const pages = ['/matters/new', ...groups.flatMap((group) => group.pages.map((page) => page.path))];
    // A page below another is that one's: an operator below the organisation.
    return pages.includes(at) ? at : (pages.find((page) => at.startsWith(`${page}/`)) ?? at);
  }, [groups, at]);
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
