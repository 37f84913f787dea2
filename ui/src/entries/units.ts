// What the accounts of a voucher are kept in: the bank says it with the account, and writes its
// balance with all the decimals of the unit.
import { useQueries, type UseQueryResult } from '@tanstack/react-query';
import { useCallback, useDeferredValue } from 'react';
import type { Schemas } from '../api/client';
import { questions } from '../api/questions';
import { decimals } from '../form/amount';
import { useChoices } from '../form/names';
import { may, useSession } from '../shell/session';
import type { Line, Unit, UnitOf } from './balance';

/** Signs from which on a number may be whole. */
export const NUMBER_LENGTH = 6;

/** Decimals of the base unit, for accounts that are not known yet. */
const DIGITS = 2;

function unitsOf(answers: UseQueryResult<Schemas['AccountView']>[]): Record<string, Unit> {
  const known = answers.flatMap(({ data }) => (data ? [data] : []));
  return Object.fromEntries(
    known.map((one) => [one.number, { code: one.unit, digits: decimals(one.balance) }]),
  );
}

export function useUnits(lines: readonly Line[]): UnitOf {
  const { base_unit } = useChoices();
  const enabled = may(useSession(), 'accounts.read');
  const accounts = new Set(useDeferredValue(lines).map((line) => line.account));
  const units = useQueries({
    queries: [...accounts]
      .filter((number) => number.length >= NUMBER_LENGTH)
      .map((number) => ({ ...questions.account(number), enabled })),
    combine: unitsOf,
  });
  return useCallback(
    (account) => units[account] ?? { code: base_unit, digits: DIGITS },
    [units, base_unit],
  );
}
