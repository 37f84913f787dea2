// The bank's interface as typed calls. Every request carries the language of the page; every write
// carries the session's token and a key, so that sending it twice does it once.
import createClient from 'openapi-fetch';
import { gate } from './gate';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];
export type Problem = Schemas['Problem'];

/** What the bank refused, in its own words. */
export class Refused extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'Refused';
    this.problem = problem;
  }
}

const session = { csrf: '', operator: '', language: 'zh' };

export function carry(said: Partial<typeof session>): void {
  Object.assign(session, said);
}

const SIGNING_IN = '/api/v1/session';
const UNLOCKING = '/api/v1/session/unlock';

/** Calls that say who somebody is: a refusal of theirs is an answer, not the end of a session. */
function proves(request: Request): boolean {
  const { pathname } = new URL(request.url);
  return (pathname === SIGNING_IN && request.method === 'POST') || pathname === UNLOCKING;
}

async function codeOf(response: Response): Promise<string> {
  const body: unknown = await response.clone().json().catch(() => null);
  return body !== null && typeof body === 'object' && 'code' in body ? String(body.code) : '';
}

function send(request: Request): Promise<Response> {
  const headers = new Headers(request.headers);
  headers.set('Accept-Language', session.language);
  if (request.method !== 'GET') headers.set('X-CSRF-Token', session.csrf);
  return fetch(new Request(request, { headers }));
}

/** A window that signed in anew has changed the session under this one: takes up the new token. */
async function tookUpToken(response: Response): Promise<boolean> {
  if (response.status !== 403 || (await codeOf(response)) !== 'CsrfTokenWrong') return false;
  const seen = await fetch(SIGNING_IN);
  if (!seen.ok) return false;
  const now = (await seen.json()) as Schemas['SessionView'];
  if (now.operator !== session.operator) return false;
  session.csrf = now.csrf;
  return true;
}

/** What the bank says of a session that is no more. */
const GONE = new Set(['NotSignedIn', 'SessionEnded', 'SessionExpired']);

/** Which door is shut, if one is. Passwords that were mistyped in a dialog shut none. */
async function shut(response: Response): Promise<'sign-in' | 'unlock' | null> {
  if (response.status !== 401 && response.status !== 403) return null;
  const code = await codeOf(response);
  if (code === 'ScreenLocked') return 'unlock';
  return GONE.has(code) ? 'sign-in' : null;
}

/** Sends a request, and again after signing in if the session has ended. */
export async function guarded(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await send(request);
  if (proves(request)) return response;
  if (await tookUpToken(response)) return send(again);
  const why = await shut(response);
  if (why === null || session.csrf === '') return response;
  await gate.passes(why);
  return send(again);
}

export const bank = createClient<paths>({ fetch: guarded });

/** A request that never got an answer. */
function unreachable(error: unknown): Refused {
  const zh = '无法连接服务，内容已保留，请稍后重试';
  const en = 'The service cannot be reached; what you typed is kept, try again shortly';
  const detail = session.language === 'zh' ? zh : en;
  const title = error instanceof Error ? error.message : 'network';
  const problem = { code: 'Unreachable', detail, zh, en, title, field: '', status: 0 };
  return new Refused({ ...problem, again: 'later', type: 'urn:piaohao:Unreachable' });
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

function isProblem(error: unknown): error is Problem {
  return error !== null && typeof error === 'object' && 'code' in error && 'detail' in error;
}

/** What was asked for; throws `Refused` where the bank says no. */
export async function answered<T>(asked: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await asked;
  } catch (error) {
    throw error instanceof Refused ? error : unreachable(error);
  }
  if (answer.response.ok) return answer.data as T;
  throw isProblem(answer.error) ? new Refused(answer.error) : unreachable(answer.error);
}

/** The version of a matter, as it was read and as a write must name it. */
export function ifMatch(version: number): string {
  return `"${String(version)}"`;
}

/** Random, also where the page came over a plain connection and `randomUUID` is not there. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Keys of writes. The same words under the same name get the same key until they were taken, so a
 * second try after a lost answer does not do it twice; other words are another write.
 */
export class Keys {
  #last = { words: '', key: '' };

  for(body: unknown): string {
    const words = JSON.stringify(body);
    if (words !== this.#last.words) this.#last = { words, key: newKey() };
    return this.#last.key;
  }

  taken(): void {
    this.#last = { words: '', key: '' };
  }
}
