// Titles of steps: the matrix names steps by their codes, the kinds of matter by their titles.
import { useQueries, useQuery } from '@tanstack/react-query';
import { questions } from '../api/questions';
import { useSpeech } from '../text/text';

export function useTitles(matters: readonly string[]) {
  const { name } = useSpeech();
  const { data: heads } = useQuery(questions.kinds);
  const kinds = useQueries({ queries: matters.map((code) => questions.kind(code)) });
  const known = new Map(kinds.flatMap(({ data }) => (data ? [[data.code, data] as const] : [])));
  return {
    matter: (code: string): string => {
      const head = heads?.find((one) => one.code === code);
      return head ? name(head.title) : code;
    },
    step: (code: string, step: string): string => {
      const found = known.get(code)?.steps.find((one) => one.name === step);
      return found ? name(found.title) : step;
    },
  };
}
