// 尾箱轧账: a teller's own box against the books, at the opening, at noon and at the close. The count
// goes into the rulebook's own matter, which the supervisor signs here or at their own window.
import { useQuery } from '@tanstack/react-query';
import { Alert, Segmented, Select } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import { news } from '../api/news';
import { questions } from '../api/questions';
import { placePath } from '../custody/paths';
import { custody } from '../custody/questions';
import { useChoices, useNames } from '../form/names';
import { Once, PageHead } from '../shell/parts';
import { useSession } from '../shell/session';
import { useSpeech } from '../text/text';
import { Counting } from './counting';
import { OCCASIONS, type Occasion } from './occasions';
import { LinesToday, OpenedToday, useOpenedToday } from './today';
import './square.css';

/** Own boxes first: a supervisor looks into those of the branch. */
function useBoxes() {
  const { operator } = useSession();
  const { places } = useChoices();
  const boxes = places.filter((place) => place.kind === 'box');
  const own = boxes.filter((place) => place.keeper === operator);
  return [...own, ...boxes.filter((place) => place.keeper !== operator)];
}

export default function Square() {
  const { say } = useSpeech();
  const names = useNames();
  const session = useSession();
  const boxes = useBoxes().filter(
    (box) => box.keeper === session.operator || box.institution === session.institution,
  );
  const [chosen, setChosen] = useState('');
  const [occasion, setOccasion] = useState<Occasion>('closing');
  const box = boxes.find((one) => one.place === chosen) ?? boxes[0];
  return (
    <>
      <PageHead title={say('page_square')}>
        {boxes.length > 1 ? (
          <Select
            style={{ width: 240 }}
            aria-label={say('box')}
            value={box?.place ?? null}
            onChange={(place: string | null) => setChosen(place ?? '')}
            options={boxes.map((one) => ({ value: one.place, label: names.place(one.place) }))}
          />
        ) : (
          box && <Link href={placePath(box.place)}>{names.place(box.place)}</Link>
        )}
        <Segmented
          aria-label={say('occasion')}
          value={occasion}
          options={OCCASIONS.map((one) => ({ value: one.occasion, label: say(one.title) }))}
          onChange={(next) => setOccasion(next)}
        />
      </PageHead>
      {box ? (
        <Box key={box.place} place={box.place} institution={box.institution} occasion={occasion} />
      ) : (
        <Alert type="info" showIcon title={say('no_box')} />
      )}
    </>
  );
}

interface BoxProps {
  place: string;
  institution: string;
  occasion: Occasion;
}

function Box({ place, institution, occasion }: BoxProps) {
  const held = useQuery({ ...custody.place(place), ...news });
  const { code } = OCCASIONS.find((one) => one.occasion === occasion) ?? OCCASIONS[2];
  const kind = useQuery(questions.kind(code));
  const today = useOpenedToday();
  return (
    <div className="columns">
      <div>
        <Once of={held}>
          {(box) => (
            <Once of={kind}>
              {(known) => (
                <Counting
                  key={occasion}
                  box={box}
                  kind={known}
                  occasion={occasion}
                  before={today.filter((one) => one.code === known.code)}
                />
              )}
            </Once>
          )}
        </Once>
      </div>
      <div>
        <OpenedToday matters={today} />
        <LinesToday institution={institution} />
      </div>
    </div>
  );
}
