// What the menu shows: the department's divisions, each with its pages and its matters, and only
// where there is something that the operator may do or see.
import type { Schemas } from '../api/client';
import type { TextKey } from '../text/zh';
import { DIVISIONS, divisionOf, type Division } from './divisions';
import { may, type Session } from './session';

interface Page {
  division: string;
  path: string;
  title: TextKey;
  functions: string[];
  /** Only for who may open this kind of matter: what the page is for. */
  opens?: string;
}

const DAY_READERS = ['day.run', 'monitor.read', 'books.read'];

/** Pages of their own; those of the rulebook's matters come by themselves. */
const PAGES: readonly Page[] = [
  {
    division: 'cash',
    path: '/square',
    title: 'page_square',
    functions: ['custody.read'],
    opens: 'CASH-014',
  },
  { division: 'cash', path: '/custody', title: 'page_custody', functions: ['custody.read'] },
  {
    division: 'system',
    path: '/organisation',
    title: 'page_organisation',
    functions: ['organisation.read'],
  },
  {
    division: 'system',
    path: '/parameters',
    title: 'page_parameters',
    functions: ['parameters.read'],
  },
  { division: 'plans', path: '/rulebook', title: 'page_rulebook', functions: ['rulebook.read'] },
  { division: 'plans', path: '/coverage', title: 'page_coverage', functions: ['rulebook.read'] },
  {
    division: 'accounting',
    path: '/entries/new',
    title: 'page_voucher_entry',
    functions: ['entries.post'],
  },
  { division: 'accounting', path: '/entries', title: 'page_entries', functions: ['entries.read'] },
  { division: 'accounting', path: '/day', title: 'page_day', functions: DAY_READERS },
  {
    division: 'accounting',
    path: '/reports',
    title: 'page_reports',
    functions: ['books.read', 'custody.read', 'organisation.read', 'matters.read_all'],
  },
  {
    division: 'supervision',
    path: '/audit',
    title: 'page_audit',
    functions: ['audit.read'],
  },
  {
    division: 'plans',
    path: '/cockpit',
    title: 'page_cockpit',
    functions: ['monitor.read', 'books.read', 'matters.read_all'],
  },
  { division: 'accounts', path: '/accounts', title: 'page_accounts', functions: ['accounts.read'] },
];

export interface Group {
  division: Division;
  pages: Page[];
  /** Whether any matter of it is the operator's to open, to work on or to see. */
  matters: boolean;
}

export type Kind = Schemas['KindHead'];

export function concerns(session: Session, kind: Kind): boolean {
  return kind.may_open || kind.takes_part || may(session, 'matters.read_all');
}

function shows(page: Page, division: Division, session: Session, kinds: readonly Kind[]): boolean {
  const opens = (kind: Kind) => kind.code === page.opens && kind.may_open;
  return (
    page.division === division.code &&
    may(session, ...page.functions) &&
    (page.opens === undefined || kinds.some(opens))
  );
}

export function groupsOf(session: Session, kinds: readonly Kind[]): Group[] {
  const groups = DIVISIONS.map((division) => ({
    division,
    pages: PAGES.filter((page) => shows(page, division, session, kinds)),
    matters: kinds.some(
      (kind) => divisionOf(kind.file) === division.code && concerns(session, kind),
    ),
  }));
  return groups.filter((group) => group.pages.length > 0 || group.matters);
}
