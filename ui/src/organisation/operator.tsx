// One operator: posts with their periods, absences and who stands in, what the posts let them do.
import { useQuery } from '@tanstack/react-query';
import { Table } from 'antd';
import { Link } from 'wouter';
import { useNames } from '../form/names';
import { OpenLinks } from '../matters/open-links';
import { useAsked } from '../shell/asked';
import { Once, PageHead } from '../shell/parts';
import { useSpeech } from '../text/text';
import { organisation, type OperatorView } from './questions';
import { Standing } from './standing';
import './organisation.css';

/** The rulebook's matters that change an operator: grant, revoke, transfer, lock, stop, leave… */
const CHANGES = [
  'PARM-112',
  'PARM-113',
  'PARM-121',
  'PARM-114',
  'PARM-119',
  'PARM-115',
  'PARM-116',
  'PARM-117',
];

export default function Operator() {
  const found = useQuery(organisation.operator(useAsked('of')));
  return <Once of={found}>{(known) => <Whole operator={known} />}</Once>;
}

function Whole({ operator }: { operator: OperatorView }) {
  const { say } = useSpeech();
  const names = useNames();
  return (
    <>
      <PageHead title={operator.name}>
        <span className="number quiet">{operator.operator}</span>
        <Standing standing={operator.standing} />
        <span>
          {operator.institution} {names.institution(operator.institution)}
        </span>
        <span className="spring" />
        <Link href={`/organisation?institution=${operator.institution}`}>
          {say('page_organisation')}
        </Link>
      </PageHead>
      <Grants grants={operator.grants} />
      <Absences title={say('absences')} none={say('no_absences')} list={operator.absences} />
      {operator.stands_in.length > 0 && (
        <Absences title={say('stands_in')} none="" list={operator.stands_in} />
      )}
      <section className="panel" aria-labelledby="changes">
        <h2 id="changes">{say('change_by_matter')}</h2>
        <OpenLinks codes={CHANGES} given={{ operator: operator.operator }} />
      </section>
    </>
  );
}

function Grants({ grants }: { grants: OperatorView['grants'] }) {
  const { say, name } = useSpeech();
  const names = useNames();
  return (
    <section className="panel" aria-labelledby="grants">
      <h2 id="grants">{say('posts_held')}</h2>
      <Table
        size="small"
        rowKey={(one) => `${one.post} ${one.institution} ${one.from}`}
        dataSource={grants}
        pagination={false}
        locale={{ emptyText: say('no_posts') }}
        columns={[
          {
            title: say('posts'),
            render: (_, one) => (
              <Link href={`/organisation?tab=who&post=${one.post}`}>{name(one)}</Link>
            ),
          },
          {
            title: say('held_at'),
            render: (_, one) => `${one.institution} ${names.institution(one.institution)}`,
          },
          { title: say('from_day'), dataIndex: 'from', width: 120, className: 'number' },
          {
            title: say('until'),
            width: 120,
            className: 'number',
            render: (_, one) => one.until ?? say('open_ended'),
          },
          { title: say('decided_by'), dataIndex: 'document', className: 'number' },
          {
            title: say('status'),
            width: 90,
            render: (_, one) => (
              <span className={one.holds ? 'word done' : 'word off'}>
                {say(one.holds ? 'in_force' : 'not_in_force')}
              </span>
            ),
          },
        ]}
      />
    </section>
  );
}

interface AbsencesProps {
  title: string;
  none: string;
  list: OperatorView['absences'];
}

function Absences({ title, none, list }: AbsencesProps) {
  const { say } = useSpeech();
  const names = useNames();
  return (
    <section className="panel" aria-label={title}>
      <h2>{title}</h2>
      {list.length === 0 ? (
        <span className="quiet">{none}</span>
      ) : (
        <ul className="plain">
          {list.map((one) => (
            <li key={`${one.operator} ${one.from}`}>
              <span className="number">
                {one.from} – {one.until}
              </span>{' '}
              {names.operator(one.operator)} → {say('deputy')} {names.operator(one.deputy)}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
