// Names behind codes: what a form chooses from is also what a page reads by.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Schemas } from '../api/client';
import { questions } from '../api/questions';
import { useSpeech } from '../text/text';

export type Choices = Schemas['ChoicesView'];

const NONE: Choices = {
  base_unit: 'CNY',
  institutions: [],
  operators: [],
  posts: [],
  places: [],
  place_kinds: [],
  stocks: [],
  denominations: [],
  account_kinds: [],
};

export function useChoices(): Choices {
  return useQuery(questions.choices).data ?? NONE;
}

/** Operators as one is chosen: found by name and by number. */
export function operatorOptions(operators: Choices['operators']): { value: string; label: string }[] {
  return operators.map((one) => ({ value: one.operator, label: `${one.name} ${one.operator}` }));
}

export interface Names {
  institution: (code: string) => string;
  operator: (code: string) => string;
  post: (code: string) => string;
  place: (place: string) => string;
  placeKind: (code: string) => string;
  stock: (code: string) => string;
  accountKind: (code: string) => string;
  denomination: (code: string) => string;
}

/** Who opens what the calendar asks for. */
const CLOCK = 'clock';

type Named = { code: string; title: { zh: string; en: string } }[];

export function useNames(): Names {
  const { name, say } = useSpeech();
  const choices = useChoices();
  return useMemo(() => {
    const titles = (list: Named) => {
      const known = new Map(list.map((one) => [one.code, name(one.title)]));
      return (code: string) => known.get(code) ?? code;
    };
    const institution = titles(choices.institutions);
    const placeKind = titles(choices.place_kinds);
    const people = new Map(choices.operators.map((one) => [one.operator, one.name]));
    const clock = say('clock');
    const operator = (code: string) => people.get(code) ?? (code === CLOCK ? clock : code);
    const place = (text: string) => {
      const [at = '', kind = '', ...rest] = text.split('/');
      const which = rest.map((one) => people.get(one) ?? one);
      return [institution(at), placeKind(kind), ...which].filter(Boolean).join(' · ');
    };
    return {
      institution,
      operator,
      place,
      placeKind,
      post: titles(choices.posts),
      stock: titles(choices.stocks),
      accountKind: titles(choices.account_kinds),
      denomination: titles(choices.denominations),
    };
  }, [choices, name, say]);
}
