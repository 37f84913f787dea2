// What the pages of parameters ask the bank.
import { queryOptions } from '@tanstack/react-query';
import { answered, bank, type Schemas } from '../api/client';

export type Head = Schemas['ParameterHead'];
export type View = Schemas['ParameterView'];
export type Value = Schemas['ValueView'];

/** The most that the bank tells at once. */
const PAGE = 1000;

/** All of them: some hundreds, which are then searched while one types. */
async function all(): Promise<Head[]> {
  const found: Head[] = [];
  let cursor = '';
  do {
    const query = { cursor, limit: PAGE };
    const page = await answered(bank.GET('/api/v1/parameters', { params: { query } }));
    found.push(...page.parameters);
    cursor = page.cursor ?? '';
  } while (cursor !== '');
  return found;
}

export const parameters = {
  all: queryOptions({ queryKey: ['parameters'], queryFn: all }),
  one: (code: string) =>
    queryOptions({
      queryKey: ['parameter', code],
      queryFn: () =>
        answered(bank.GET('/api/v1/parameters/{code}', { params: { path: { code } } })),
    }),
};
