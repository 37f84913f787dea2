// A chart with what it says in a sentence, and the same as a table for whoever reads rather than looks.
import { Button } from 'antd';
import { Suspense, lazy, useId, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { grouped } from '../form/amount';
import { Waiting } from '../shell/parts';
import { useSpeech } from '../text/text';
import type { Look } from './chart';
import type { Picture } from './picture';

const Chart = lazy(() => import('./chart'));

interface Props {
  title: string;
  said: string;
  picture: Picture;
  look: Look;
  /** What the labels are: days, subjects, matters. */
  labels: string;
  /** The report that it is drawn from. */
  from?: { to: string; name: string };
}

export function Figure({ title, said, picture, look, labels, from }: Props) {
  const { say } = useSpeech();
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  const empty = picture.labels.length === 0;
  return (
    <section className="panel" aria-labelledby={id}>
      <div className="bar">
        <h2 id={id} className="cockpit-title">
          {title}
        </h2>
        {from && (
          <Link href={from.to} className="cockpit-from">
            {say('from_report', { name: from.name })}
          </Link>
        )}
        {!empty && (
          <Button size="small" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {say(asTable ? 'as_chart' : 'as_table')}
          </Button>
        )}
      </div>
      {empty ? <p className="quiet">{say('nothing_to_draw')}</p> : <p className="cockpit-said">{said}</p>}
      {!empty && asTable && <Told picture={picture} labels={labels} title={title} />}
      {!empty && !asTable && (
        <Suspense fallback={<Waiting />}>
          <Chart picture={picture} look={look} said={`${title}：${said}`} />
        </Suspense>
      )}
    </section>
  );
}

function Told({ picture, labels, title }: { picture: Picture; labels: string; title: string }): ReactNode {
  return (
    <div className="cockpit-table" tabIndex={0} role="region" aria-label={title}>
      <table className="grid figures">
        <thead>
          <tr>
            <th>{labels}</th>
            {picture.bars.map((bars) => (
              <th key={bars.name} className="figure">
                {bars.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {picture.labels.map((label, at) => (
            <tr key={label}>
              <td className="still">{label}</td>
              {picture.bars.map((bars) => (
                <td key={bars.name} className="still figure">
                  {grouped(bars.told[at] ?? '')}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
