// 全局搜索, what it finds: pages by name, kinds of matter by name or code, things by kind and number;
// and, asked of the bank once the typing rests, matters and accounts by number, name and words.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { accountAt } from '../accounts/address';
import { Refused, type Schemas } from '../api/client';
import { questions } from '../api/questions';
import { placedThing } from '../custody/paths';
import { useSpeech } from '../text/text';
import { matching } from './matching';
import { concerns, groupsOf } from './menu';
import { may, useSession } from './session';

export interface Found {
  kind: string;
  title: string;
  note: string;
  to: string;
  /** What was typed into it, around the words that were looked for. */
  piece?: string;
}

interface Asked {
  found: Found[];
  /** Why there may be more than is shown. */
  note: string;
  busy: boolean;
}

const SHOWN = 8;

/** Milliseconds after which the typing rests. */
const REST = 200;

function useRested(typed: string): string {
  const [rested, setRested] = useState(typed);
  useEffect(() => {
    const later = setTimeout(() => setRested(typed), REST);
    return () => clearTimeout(later);
  }, [typed]);
  return rested;
}

/** What the page itself knows, at every key. */
function useKnown(wanted: string): Found[] {
  const { say, name } = useSpeech();
  const session = useSession();
  const { data: kinds } = useQuery(questions.kinds);
  return useMemo(() => {
    if (wanted === '') return [];
    const pages = groupsOf(session, kinds ?? []).flatMap(({ division, pages: own }) =>
      own
        .filter((page) => say(page.title).toLowerCase().includes(wanted.toLowerCase()))
        .map((page) => ({
          kind: say('page'),
          title: say(page.title),
          note: say(division.title),
          to: page.path,
        })),
    );
    const opened = matching((kinds ?? []).filter((kind) => concerns(session, kind)), wanted)
      .slice(0, SHOWN)
      .map((kind) => ({
        kind: say(kind.may_open ? 'page_new' : 'page_matters'),
        title: name(kind.title),
        note: kind.code,
        to: kind.may_open ? `/matters/new/${kind.code}` : `/matters?code=${kind.code}`,
      }));
    const thing = may(session, 'custody.read') ? placedThing(wanted) : null;
    const things = thing ? [{ kind: say('serial'), title: thing.thing, note: '', to: thing.to }] : [];
    return [...things, ...pages, ...opened];
  }, [wanted, session, kinds, say, name]);
}

/** What the bank knows: by the full text, and by numbers, which need no index. */
function useAnswered(typed: string): Asked {
  const { say, name, language } = useSpeech();
  const session = useSession();
  const asked = useRested(typed);
  const enabled = asked.length >= 2 && /[\p{L}\p{N}]/u.test(asked);
  const ofAccounts = enabled && may(session, 'accounts.read');
  const number = { number: asked, limit: SHOWN };
  const words = { q: asked, limit: SHOWN };
  const open = useQuery({ ...questions.matters(number), enabled });
  const ended = useQuery({ ...questions.matters({ ...number, state: 'ended' }), enabled });
  const matters = useQuery({ ...questions.search({ ...words, kind: 'matter' }), enabled });
  const numbered = useQuery({ ...questions.accounts(words), enabled: ofAccounts });
  const accounts = useQuery({
    ...questions.search({ ...words, kind: 'account' }),
    enabled: ofAccounts,
  });
  const all = [matters, open, ended, accounts, numbered];
  const busy = typed !== asked || all.some((one) => one.isLoading);
  // What was found for other words is nothing that one may go to now.
  if (typed !== asked || !enabled) return { found: [], note: '', busy };
  const matter = (one: Schemas['MatterHead'], piece = ''): Found => ({
    kind: say('matter'),
    title: `${one.number} ${name(one.title)}`,
    note: name(one.at_title),
    to: `/matters/${one.id}`,
    piece,
  });
  const account = (one: Schemas['AccountHead']): Found => ({
    kind: say('account'),
    title: `${one.number} ${one.name}`,
    note: one.institution,
    to: accountAt(one.number),
  });
  const found = [
    ...(matters.data?.found ?? []).flatMap((hit) => (hit.matter ? [matter(hit.matter, hit.piece)] : [])),
    ...[open, ended].flatMap((page) => page.data?.matters ?? []).map((one) => matter(one)),
    ...(accounts.data?.found ?? []).flatMap((hit) => (hit.account ? [account(hit.account)] : [])),
    ...(numbered.data?.accounts ?? []).map(account),
  ];
  const once = found.filter((one, at) => found.findIndex(({ to }) => to === one.to) === at);
  const error = all.find((one) => one.error)?.error;
  const refusal = error instanceof Refused ? error.problem[language] : '';
  const complete = matters.data?.complete ?? true;
  return { found: once, note: refusal || (complete ? '' : say('search_incomplete')), busy };
}

export function useFound(wanted: string): Asked {
  const known = useKnown(wanted);
  const answered = useAnswered(wanted);
  return { ...answered, found: [...known, ...answered.found] };
}
