// Ways from a page to the matters that change what it shows: those that one may open, each given what
// the page knows; and for who may open none, the ones under way.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { questions } from '../api/questions';
import { useSpeech } from '../text/text';

interface Props {
  codes: readonly string[];
  /** Values of fields, by their names. */
  given?: Record<string, string>;
}

export function OpenLinks({ codes, given = {} }: Props) {
  const { say, name } = useSpeech();
  const { data: kinds } = useQuery(questions.kinds);
  const wanted = codes.flatMap((code) => (kinds ?? []).filter((kind) => kind.code === code));
  const gives = new URLSearchParams(given).toString();
  return (
    <div className="kinds">
      {wanted.map((kind) => (
        <Link
          key={kind.code}
          className="kind"
          href={
            kind.may_open
              ? `/matters/new/${kind.code}${gives ? `?${gives}` : ''}`
              : `/matters?code=${kind.code}`
          }
        >
          <span>{name(kind.title)}</span>
          <span className="quiet number">
            {say(kind.may_open ? 'page_new' : 'see_matters')} {kind.code}
          </span>
        </Link>
      ))}
    </div>
  );
}
