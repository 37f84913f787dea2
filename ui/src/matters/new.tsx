// 发起事项: what one may open oneself, by division and by search.
import { useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useState, type KeyboardEvent } from 'react';
import { Link, useLocation } from 'wouter';
import { questions } from '../api/questions';
import { DIVISIONS, divisionOf } from '../shell/divisions';
import { matching } from '../shell/matching';
import type { Kind } from '../shell/menu';
import { Once, PageHead } from '../shell/parts';
import { useSpeech } from '../text/text';

export default function NewMatter() {
  const { say } = useSpeech();
  const kinds = useQuery(questions.kinds);
  return (
    <>
      <PageHead title={say('page_new')} />
      <Once of={kinds}>{(all) => <Chooser kinds={all.filter((kind) => kind.may_open)} />}</Once>
    </>
  );
}

function Chooser({ kinds }: { kinds: Kind[] }) {
  const { say, name } = useSpeech();
  const [, go] = useLocation();
  const [wanted, setWanted] = useState('');
  const shown = matching(kinds, wanted);
  const pressed = (event: KeyboardEvent) => {
    const only = shown[0];
    if (event.key === 'Enter' && !event.nativeEvent.isComposing && only) go(`/matters/new/${only.code}`);
  };
  if (kinds.length === 0) return <p className="quiet">{say('may_open_nothing')}</p>;
  return (
    <>
      <Input
        autoFocus
        allowClear
        size="large"
        style={{ maxWidth: 420, marginBottom: 12 }}
        aria-label={say('find_kind')}
        placeholder={say('find_kind')}
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
        onKeyDown={pressed}
      />
      {DIVISIONS.map((division) => {
        const own = shown.filter((kind) => divisionOf(kind.file) === division.code);
        if (own.length === 0) return null;
        return (
          <section key={division.code} className="panel">
            <h2>{say(division.title)}</h2>
            <div className="kinds">
              {own
                .sort((a, b) => a.code.localeCompare(b.code))
                .map((kind) => (
                  <Link key={kind.code} href={`/matters/new/${kind.code}`} className="kind">
                    <span>{name(kind.title)}</span>
                    <span className="quiet number">{kind.code}</span>
                  </Link>
                ))}
            </div>
          </section>
        );
      })}
    </>
  );
}
