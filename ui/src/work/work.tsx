// 待办: what waits for me, late first; what is late, what was copied to me, what I opened.
import { useQuery } from '@tanstack/react-query';
import { Checkbox, Input, Select, Table } from 'antd';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { news, told } from '../api/news';
import { questions } from '../api/questions';
import { ageing, useColumns, type Head } from '../matters/columns';
import { Once, PageHead } from '../shell/parts';
import { useSession } from '../shell/session';
import { useSpeech } from '../text/text';
import type { TextKey } from '../text/zh';
import { Button } from 'antd';

type Queue = 'mine' | 'copied' | 'opened';

const QUEUES: readonly { queue: Queue; title: TextKey }[] = [
  { queue: 'mine', title: 'queue_mine' },
  { queue: 'opened', title: 'queue_opened' },
  { queue: 'copied', title: 'queue_copied' },
];

const SHOWN = 200;

/** The bank tells of what waits for me; of the other queues it is asked. */
const newsOf = (queue: Queue) => (queue === 'mine' ? told : news);

export default function Work() {
  const { say } = useSpeech();
  const session = useSession();
  const [queue, setQueue] = useState<Queue>('mine');
  const [late, setLate] = useState(false);
  const page = useQuery({ ...questions.queue({ queue, limit: SHOWN }), ...newsOf(queue) });
  const show = (next: Queue, onlyLate: boolean) => {
    setQueue(next);
    setLate(onlyLate);
  };
  return (
    <>
      <PageHead title={say('page_work')}>
        <span className="quiet">{say('greeting', { name: session.name })}</span>
        <span className="spring" />
        <Link href="/matters/new">
          <Button type="primary">{say('page_new')}</Button>
        </Link>
      </PageHead>
      <div className="counts" role="group" aria-label={say('counts')}>
        {QUEUES.map((one) => (
          <Count key={one.queue} {...one} chosen={queue === one.queue && !late} show={show} />
        ))}
        <LateCount chosen={late} show={show} />
      </div>
      <div className="panel">
        <Once of={page}>
          {({ matters }) => <Waiting matters={matters} late={late} setLate={setLate} />}
        </Once>
      </div>
    </>
  );
}

interface CountProps {
  chosen: boolean;
  show: (queue: Queue, late: boolean) => void;
}

function Count({ queue, title, chosen, show }: CountProps & { queue: Queue; title: TextKey }) {
  const { say } = useSpeech();
  const { data } = useQuery({ ...questions.queue({ queue, limit: SHOWN }), ...newsOf(queue) });
  return (
    <button
      type="button"
      className="count"
      aria-pressed={chosen}
      data-testid={`count-${queue}`}
      onClick={() => show(queue, false)}
    >
      <span className="count-figure">{data?.waiting ?? '·'}</span>
      <span>{say(title)}</span>
    </button>
  );
}

function LateCount({ chosen, show }: CountProps) {
  const { say } = useSpeech();
  const { data } = useQuery({ ...questions.queue({ queue: 'mine', limit: SHOWN }), ...told });
  const late = data?.late ?? 0;
  return (
    <button
      type="button"
      className={late > 0 ? 'count count-late' : 'count'}
      aria-pressed={chosen}
      onClick={() => show('mine', true)}
    >
      <span className="count-figure">{data ? late : '·'}</span>
      <span>{say('queue_late')}</span>
    </button>
  );
}

interface WaitingProps {
  matters: Head[];
  late: boolean;
  setLate: (late: boolean) => void;
}

function Waiting({ matters, late, setLate }: WaitingProps) {
  const { say, name } = useSpeech();
  const columns = useColumns(false);
  const [kind, setKind] = useState<string | undefined>();
  const [wanted, setWanted] = useState('');
  const kinds = useMemo(
    () => [...new Map(matters.map((one) => [one.code, name(one.title)])).entries()],
    [matters, name],
  );
  const shown = matters.filter(
    (one) =>
      (!late || one.overdue) &&
      (!kind || one.code === kind) &&
      `${one.number} ${name(one.title)} ${one.opener}`.toLowerCase().includes(wanted.toLowerCase()),
  );
  return (
    <>
      <div className="filters">
        <Input
          allowClear
          style={{ width: 220 }}
          aria-label={say('filter')}
          placeholder={say('filter')}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
        <Select
          allowClear
          style={{ width: 220 }}
          aria-label={say('matter')}
          placeholder={say('all_kinds')}
          value={kind}
          onChange={(next: string | undefined) => setKind(next)}
          options={kinds.map(([value, label]) => ({ value, label }))}
        />
        <Checkbox checked={late} onChange={(event) => setLate(event.target.checked)}>
          {say('only_late')}
        </Checkbox>
        <span className="spring" />
        <span className="quiet">{say('rows_shown', { n: shown.length })}</span>
      </div>
      <Table
        size="small"
        rowKey="id"
        columns={columns}
        dataSource={shown}
        pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
        scroll={{ x: 1040 }}
        rowClassName={(one) => (ageing(one, say)?.look === 'word late' ? 'row-late' : '')}
        locale={{ emptyText: say('nothing_waits') }}
      />
    </>
  );
}
