// One parameter: today's value, every value before and to come with its source, and how it is changed.
import { useQuery } from '@tanstack/react-query';
import { Table } from 'antd';
import { Link } from 'wouter';
import { OpenLinks } from '../matters/open-links';
import { about, useAsked } from '../shell/asked';
import { Once, PageHead } from '../shell/parts';
import { may, useSession } from '../shell/session';
import { useSpeech } from '../text/text';
import { periods } from './confidence';
import { parameters, type Value, type View } from './questions';
import { Sure } from './sure';
import { useUnits } from './units';

/** 参数变更, and 利率、费率与汇率调整 for what is a price. */
const CHANGES = ['PARM-101', 'PARM-102'];

const LOOKS = { past: 'word off', now: 'word done', ahead: 'word soon' } as const;
const STATES = { past: 'value_past', now: 'value_in_force', ahead: 'value_ahead' } as const;

export default function Parameter() {
  const found = useQuery(parameters.one(useAsked('of')));
  return <Once of={found}>{(known) => <Whole parameter={known} />}</Once>;
}

function Whole({ parameter }: { parameter: View }) {
  const { say, name } = useSpeech();
  const session = useSession();
  const { unit, shown } = useUnits();
  return (
    <>
      <PageHead title={name(parameter)}>
        <span className="number quiet">{parameter.code}</span>
        {parameter.fixed && <span className="word off">{say('fixed')}</span>}
        <span className="spring" />
        <Link href="/parameters">{say('page_parameters')}</Link>
      </PageHead>
      <div className="panel balances">
        <div>
          <div className="quiet">{say('value_now')}</div>
          <div className="number" style={{ fontSize: 22, fontWeight: 600 }}>
            {parameter.value ? shown(parameter.value, parameter.unit) : say('not_in_force_yet')}
          </div>
        </div>
        <Fact title={say('in_force_from')} text={parameter.from ?? '—'} />
        <Fact title={say('measured_in')} text={unit(parameter.unit)} />
        <div>
          <div className="quiet">{say('rulebook_file')}</div>
          {may(session, 'rulebook.read') ? (
            <Link href={about('/rulebook/file', 'of', parameter.file)}>{parameter.file}</Link>
          ) : (
            parameter.file
          )}
        </div>
      </div>
      <History parameter={parameter} />
      {parameter.set.length > 0 && <SetByMatters values={parameter.set} unit={parameter.unit} />}
      <section className="panel" aria-labelledby="changes">
        <h2 id="changes">{say('change_by_matter')}</h2>
        {parameter.fixed ? (
          <span className="quiet">{say('fixed_hint')}</span>
        ) : (
          <OpenLinks codes={CHANGES} given={{ code: parameter.code }} />
        )}
      </section>
    </>
  );
}

function Fact({ title, text }: { title: string; text: string }) {
  return (
    <div>
      <div className="quiet">{title}</div>
      <div className="number" style={{ fontSize: 16 }}>
        {text}
      </div>
    </div>
  );
}

function History({ parameter }: { parameter: View }) {
  const { say } = useSpeech();
  const { shown } = useUnits();
  return (
    <section className="panel" aria-labelledby="history">
      <h2 id="history">{say('history')}</h2>
      <Table
        size="small"
        rowKey={(one) => one.value.from}
        dataSource={periods(parameter.history, parameter.pending)}
        pagination={false}
        columns={[
          {
            title: say('status'),
            width: 100,
            render: (_, one) => <span className={LOOKS[one.state]}>{say(STATES[one.state])}</span>,
          },
          {
            title: say('in_force_from'),
            width: 130,
            className: 'number',
            render: (_, one) => one.value.from,
          },
          {
            title: say('until'),
            width: 130,
            className: 'number',
            render: (_, one) => one.until ?? say('further_notice'),
          },
          {
            title: say('value'),
            width: 170,
            align: 'right',
            className: 'number',
            render: (_, one) => <strong>{shown(one.value.value, parameter.unit)}</strong>,
          },
          {
            title: say('ground'),
            className: 'after-figure',
            render: (_, one) => one.value.source,
          },
          {
            title: say('confidence'),
            width: 130,
            render: (_, one) => <Sure source={one.value.source} />,
          },
        ]}
      />
    </section>
  );
}

function SetByMatters({ values, unit }: { values: Value[]; unit: string }) {
  const { say } = useSpeech();
  const { shown } = useUnits();
  return (
    <section className="panel" aria-labelledby="set">
      <h2 id="set">{say('set_by_matters')}</h2>
      <Table
        size="small"
        rowKey={(one) => `${one.from} ${one.value} ${one.source}`}
        dataSource={values}
        pagination={false}
        columns={[
          { title: say('in_force_from'), dataIndex: 'from', width: 130, className: 'number' },
          {
            title: say('value'),
            width: 170,
            align: 'right',
            className: 'number',
            render: (_, one) => shown(one.value, unit),
          },
          { title: say('ground'), dataIndex: 'source', className: 'after-figure' },
        ]}
      />
    </section>
  );
}
