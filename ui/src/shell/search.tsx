// 全局搜索: pages by name, kinds of matter by name or code, matters by number, accounts by number or
// name, things by kind and number.
import { useQuery } from '@tanstack/react-query';
import { Input, Modal } from 'antd';
import { useDeferredValue, useMemo, useState, type KeyboardEvent } from 'react';
import { useLocation } from 'wouter';
import { accountAt } from '../accounts/address';
import { questions } from '../api/questions';
import { placedThing } from '../custody/paths';
import { useSpeech } from '../text/text';
import { concerns, groupsOf } from './menu';
import { may, useSession } from './session';
import { matching } from './matching';

interface Found {
  key: string;
  kind: string;
  title: string;
  note: string;
  to: string;
}

const SHOWN = 8;

function useFound(wanted: string): Found[] {
  const { say, name } = useSpeech();
  const session = useSession();
  const asked = wanted.trim();
  const long = asked.length >= 2;
  const { data: kinds } = useQuery(questions.kinds);
  const number = { number: asked, limit: SHOWN };
  const open = useQuery({ ...questions.matters(number), enabled: long });
  const ended = useQuery({ ...questions.matters({ ...number, state: 'ended' }), enabled: long });
  const seesAccounts = may(session, 'accounts.read');
  const accounts = useQuery({
    ...questions.accounts({ q: asked, limit: SHOWN }),
    enabled: long && seesAccounts,
  });
  return useMemo(() => {
    if (asked === '') return [];
    const opened = matching((kinds ?? []).filter((kind) => concerns(session, kind)), asked)
      .slice(0, SHOWN)
      .map((kind) => ({
        key: kind.code,
        kind: say(kind.may_open ? 'page_new' : 'page_matters'),
        title: name(kind.title),
        note: kind.code,
        to: kind.may_open ? `/matters/new/${kind.code}` : `/matters?code=${kind.code}`,
      }));
    const matters = [...(open.data?.matters ?? []), ...(ended.data?.matters ?? [])].map((one) => ({
      key: `#${one.id}`,
      kind: say('matter'),
      title: `${one.number} ${name(one.title)}`,
      note: name(one.at_title),
      to: `/matters/${one.id}`,
    }));
    const found = (accounts.data?.accounts ?? []).map((one) => ({
      key: one.number,
      kind: say('account'),
      title: `${one.number} ${one.name}`,
      note: one.institution,
      to: accountAt(one.number),
    }));
    const pages = groupsOf(session, kinds ?? []).flatMap(({ division, pages: own }) =>
      own
        .filter((page) => say(page.title).toLowerCase().includes(asked.toLowerCase()))
        .map((page) => ({
          key: page.path,
          kind: say('page'),
          title: say(page.title),
          note: say(division.title),
          to: page.path,
        })),
    );
    const thing = may(session, 'custody.read') ? placedThing(asked) : null;
    const things = thing
      ? [{ key: thing.to, kind: say('serial'), title: thing.thing, note: '', to: thing.to }]
      : [];
    return [...matters, ...things, ...pages, ...opened, ...found];
  }, [asked, session, kinds, open.data, ended.data, accounts.data, say, name]);
}

export function Search({ open, close }: { open: boolean; close: () => void }) {
  const { say } = useSpeech();
  return (
    <Modal
      open={open}
      onCancel={close}
      footer={null}
      width={620}
      closable={false}
      destroyOnHidden
      style={{ top: 80 }}
      title={<span className="skip">{say('search')}</span>}
      styles={{ header: { margin: 0 } }}
    >
      <Finder close={close} />
    </Modal>
  );
}

function Finder({ close }: { close: () => void }) {
  const { say } = useSpeech();
  const [, go] = useLocation();
  const [wanted, setWanted] = useState('');
  const [at, setAt] = useState(0);
  const found = useFound(useDeferredValue(wanted));
  const take = (one: Found | undefined) => {
    if (!one) return;
    close();
    go(one.to);
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && found.length > 0) {
      event.preventDefault();
      setAt((at + step + found.length) % found.length);
    }
    if (event.key === 'Enter') take(found[at]);
  };
  return (
    <>
      <Input
        autoFocus
        size="large"
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls="found"
        aria-activedescendant={found[at] ? `found-${at}` : undefined}
        aria-label={say('search')}
        placeholder={say('search_hint')}
        value={wanted}
        onChange={(event) => {
          setWanted(event.target.value);
          setAt(0);
        }}
        onKeyDown={pressed}
      />
      <ul id="found" role="listbox" aria-label={say('search')} className="found">
        {found.map((one, index) => (
          <li
            key={one.key}
            id={`found-${index}`}
            role="option"
            aria-selected={index === at}
            onMouseEnter={() => setAt(index)}
            onClick={() => take(one)}
          >
            <span className="word off">{one.kind}</span>
            <span className="found-title">{one.title}</span>
            <span className="quiet number">{one.note}</span>
          </li>
        ))}
      </ul>
      {wanted.trim() !== '' && found.length === 0 && <p className="quiet">{say('nothing_found')}</p>}
    </>
  );
}
