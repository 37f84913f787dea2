// 流转历史: what a thing has gone through, the latest first, each movement with the matter that made it.
import { useQuery } from '@tanstack/react-query';
import { Table, type TableColumnsType } from 'antd';
import { Link } from 'wouter';
import type { Schemas } from '../api/client';
import { useNames } from '../form/names';
import { useFilters } from '../shell/filters';
import { PageTurner, Refusal } from '../shell/parts';
import { instant } from '../shell/time';
import { useSpeech } from '../text/text';
import { useMarks } from './marks';
import { usePlaceName } from './place-name';
import { custody } from './questions';

type Movement = Schemas['MovementView'];

interface Props {
  thing: string;
  /** Whether the thing itself is known: where it is not, the page has said so. */
  known: boolean;
}

export function ThingHistory({ thing, known }: Props) {
  const { say, name } = useSpeech();
  const names = useNames();
  const { filters, put } = useFilters('/custody/thing');
  const { cursor = '' } = filters;
  const history = useQuery(custody.history(thing, cursor));
  const page = history.data;
  if (page === undefined && !known) return null;
  const columns: TableColumnsType<Movement> = [
    { title: say('time'), width: 150, className: 'number', render: (_, { at }) => instant(at) },
    { title: say('day'), dataIndex: 'day', width: 110, className: 'number' },
    {
      title: say('matter'),
      width: 260,
      render: (_, { matter }) =>
        matter ? (
          <Link href={`/matters/${matter.id}`}>
            {name(matter.title)} <span className="number">{matter.number}</span>
          </Link>
        ) : (
          <span className="quiet">{say('not_yours_to_see')}</span>
        ),
    },
    { title: say('movement'), render: (_, { moves }) => <Moves moves={moves} /> },
    {
      title: say('handled_by'),
      width: 200,
      render: (_, { step, by }) => (
        <>
          <span className="quiet">{name(step)}</span> {by.map(names.operator).join('、')}
        </>
      ),
    },
  ];
  return (
    <section className="panel" aria-labelledby="history">
      <h2 id="history">{say('thing_history')}</h2>
      <Refusal error={history.error} retry={() => void history.refetch()} />
      {page && (
        <>
          {!page.complete && <p className="quiet">{say('history_incomplete')}</p>}
          <Table
            size="small"
            rowKey="at"
            columns={columns}
            dataSource={page.movements}
            pagination={false}
            scroll={{ x: 900 }}
            locale={{ emptyText: say('nothing_found') }}
          />
          <PageTurner
            shown={page.movements.length}
            isFirst={!cursor}
            next={page.cursor}
            turn={(to) => put({ cursor: to })}
          />
        </>
      )}
    </section>
  );
}

function Moves({ moves }: { moves: Movement['moves'] }) {
  const { say } = useSpeech();
  const place = usePlaceName();
  const marked = useMarks();
  const told = ({ what, from, to, attributes }: Movement['moves'][number]) => {
    if (what === 'voided') return say('voided_at', { place: place(from ?? '') });
    if (what === 'moved') {
      return say('moved_from_to', { from: place(from ?? ''), to: place(to ?? '') });
    }
    const marks = Object.entries(attributes).map(([mark, text]) => {
      const { title, text: said } = marked(mark, text);
      return `${title} ${text === '' ? say('taken_away') : said}`;
    });
    return say('marked_as', { marks: marks.join('，') });
  };
  return moves.map((one, at) => (
    <div key={at}>
      {told(one)} {one.range.includes('-') && <span className="quiet number">{one.range.split(':')[1]}</span>}
    </div>
  ));
}
