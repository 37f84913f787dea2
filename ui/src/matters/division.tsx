// The matters of one division: to open those that one may, to look at all that concern one.
import { useQuery } from '@tanstack/react-query';
import { Table } from 'antd';
import { Link } from 'wouter';
import { questions } from '../api/questions';
import { useNames } from '../form/names';
import { DIVISIONS, divisionOf } from '../shell/divisions';
import { concerns, type Kind } from '../shell/menu';
import { Once, PageHead } from '../shell/parts';
import { useSession } from '../shell/session';
import { useSpeech } from '../text/text';

export default function DivisionPage({ code }: { code: string }) {
  const { say } = useSpeech();
  const session = useSession();
  const kinds = useQuery(questions.kinds);
  const division = DIVISIONS.find((one) => one.code === code);
  return (
    <>
      <PageHead title={division ? say(division.title) : code} />
      <div className="panel">
        <Once of={kinds}>
          {(all) => (
            <Kinds
              kinds={all.filter((kind) => divisionOf(kind.file) === code && concerns(session, kind))}
            />
          )}
        </Once>
      </div>
    </>
  );
}

function Kinds({ kinds }: { kinds: Kind[] }) {
  const { say, name } = useSpeech();
  const names = useNames();
  return (
    <Table
      size="small"
      rowKey="code"
      dataSource={kinds}
      pagination={false}
      columns={[
        { title: say('code'), dataIndex: 'code', width: 120, className: 'number' },
        { title: say('matter'), render: (_, kind) => name(kind.title) },
        {
          title: say('openers'),
          render: (_, kind) => (
            <span className="quiet">{kind.openers.map(names.post).join('、')}</span>
          ),
        },
        {
          title: say('actions'),
          width: 190,
          render: (_, kind) => (
            <span className="bar">
              <Link href={`/matters?code=${kind.code}`}>{say('see_matters')}</Link>
              {kind.may_open && <Link href={`/matters/new/${kind.code}`}>{say('page_new')}</Link>}
            </span>
          ),
        },
      ]}
    />
  );
}
