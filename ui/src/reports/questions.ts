// What the pages of reports ask the bank.
import { queryOptions } from '@tanstack/react-query';
import { takeOut } from '../api/file';
import { answered, bank, type Schemas } from '../api/client';
import type { paths } from '../api/schema';
import type { Language } from '../text/text';
import { sheetOf, type Sent, type Sheet } from './sheet';

export type BookReport = Schemas['ReportView'];
export type OfficeReport = Schemas['OfficeReportView'];

type BookQuery = NonNullable<paths['/api/v1/reports/{name}']['get']['parameters']['query']>;
type OfficeQuery = NonNullable<paths['/api/v1/office-reports/{name}']['get']['parameters']['query']>;

/** What a report is asked for with, as it stands in the address of its page. */
export type Asked = Record<string, string>;

export type Format = 'xlsx' | 'csv' | 'pdf';

function bookQuery({ level, ...rest }: Asked): BookQuery {
  return { ...rest, ...(level ? { level: Number(level) } : {}) };
}

/** Captions come in the language of the page, so each language has its own answer. */
const sheetOptions = (key: readonly unknown[], ask: () => Promise<Sent>) =>
  queryOptions<Sheet>({
    queryKey: ['report', ...key],
    queryFn: async () => sheetOf(await ask()),
    retry: false,
  });

const askBook = (name: string, asked: Asked, format?: Format) => ({
  params: { path: { name }, query: { ...bookQuery(asked), ...(format ? { format } : {}) } },
});

const askOffice = (name: string, asked: OfficeQuery, format?: Format) => ({
  params: { path: { name }, query: { ...asked, ...(format ? { format } : {}) } },
});

export const reportQuestions = {
  books: queryOptions({
    queryKey: ['reports'],
    queryFn: () => answered(bank.GET('/api/v1/reports')),
    staleTime: Infinity,
  }),
  office: queryOptions({
    queryKey: ['office-reports'],
    queryFn: () => answered(bank.GET('/api/v1/office-reports')),
    staleTime: Infinity,
  }),
  book: (name: string, asked: Asked, language: Language) =>
    sheetOptions(['book', name, asked, language], () =>
      answered(bank.GET('/api/v1/reports/{name}', askBook(name, asked))),
    ),
  list: (name: string, asked: Asked, language: Language) =>
    sheetOptions(['office', name, asked, language], () =>
      answered(bank.GET('/api/v1/office-reports/{name}', askOffice(name, asked))),
    ),
  statement: (number: string, asked: Asked, language: Language) =>
    sheetOptions(['statement', number, asked, language], () =>
      answered(
        bank.GET('/api/v1/accounts/{number}/statement', {
          params: { path: { number }, query: asked },
        }),
      ),
    ),
};

export const reportFiles = {
  book: (name: string, asked: Asked, format: Format) =>
    takeOut(
      bank.GET('/api/v1/reports/{name}', { ...askBook(name, asked, format), parseAs: 'blob' }),
    ),
  list: (name: string, asked: Asked, format: Format) =>
    takeOut(
      bank.GET('/api/v1/office-reports/{name}', {
        ...askOffice(name, asked, format),
        parseAs: 'blob',
      }),
    ),
  statement: (number: string, asked: Asked, format: Format) =>
    takeOut(
      bank.GET('/api/v1/accounts/{number}/statement', {
        params: { path: { number }, query: { ...asked, format } },
        parseAs: 'blob',
      }),
    ),
};
