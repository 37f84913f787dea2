// The matters that one may open and that take a place or a thing: the ways by which it is moved,
// counted or changed. Each link gives the form what it is about.
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Schemas } from '../api/client';
import { questions } from '../api/questions';
import { divisionOf } from '../shell/divisions';
import { useSpeech } from '../text/text';
import { PLACE, THING, fieldForPlace, fieldForThing } from '../form/given';

type Field = Schemas['FieldView'];

/** Divisions whose matters have to do with what is kept. */
const KEEPING = ['cash', 'vouchers', 'archives', 'other'];

interface Props {
  of: { place: string; kind: string } | { thing: string; kind: string };
}

function takesIt(fields: readonly Field[], of: Props['of']): boolean {
  return Boolean('place' in of ? fieldForPlace(fields, of.kind) : fieldForThing(fields, of.kind));
}

export function Taking({ of }: Props) {
  const { say, name } = useSpeech();
  const { data: heads } = useQuery(questions.kinds);
  const candidates = (heads ?? []).filter(
    (kind) => kind.may_open && KEEPING.includes(divisionOf(kind.file)),
  );
  const kinds = useQueries({ queries: candidates.map((kind) => questions.kind(kind.code)) });
  const taking = kinds.flatMap(({ data }) => {
    const first = data?.steps[0];
    const fields = data?.fields.filter((field) => first?.fill.includes(field.name)) ?? [];
    return data && takesIt(fields, of) ? [data] : [];
  });
  const gives =
    'place' in of ? new URLSearchParams({ [PLACE]: of.place }) : new URLSearchParams({ [THING]: of.thing });
  return (
    <section className="panel" aria-labelledby="taking">
      <h2 id="taking">{say('matters_for_it')}</h2>
      {taking.length === 0 ? (
        <span className="quiet">{say('no_matters_for_it')}</span>
      ) : (
        <div className="kinds">
          {taking.map((kind) => (
            <Link
              key={kind.code}
              className="kind"
              href={`/matters/new/${kind.code}?${gives.toString()}`}
            >
              <span>{name(kind.title)}</span>
              <span className="quiet number">{kind.code}</span>
            </Link>
          ))}
        </div>
      )}
    </section>
  );
}
