// One kind of matter as the rulebook has it: its steps as a picture and in words, why it is so, its
// fields, its page of cases and the file itself.
import { useQuery } from '@tanstack/react-query';
import { Tabs } from 'antd';
import { Link } from 'wouter';
import type { Schemas } from '../api/client';
import { questions } from '../api/questions';
import { useHandText } from '../matters/hands';
import { about } from '../shell/asked';
import { Once, PageHead } from '../shell/parts';
import { may, useSession } from '../shell/session';
import { useSpeech } from '../text/text';
import type { TextKey } from '../text/zh';
import { Duties } from './duties';
import { FieldTable } from './field-table';
import { FileText } from './file-text';
import { rulebook } from './questions';
import { StepDiagram } from './step-diagram';
import './rulebook.css';

type Kind = Schemas['KindView'];

const SPANS: Record<string, TextKey> = {
  working_hours: 'in_working_hours',
  working_days: 'in_working_days',
  hours: 'in_hours',
  days: 'in_days',
  minutes: 'in_minutes',
};

export default function RulebookMatter({ code }: { code: string }) {
  const kind = useQuery(questions.kind(code));
  return <Once of={kind}>{(known) => <Whole kind={known} />}</Once>;
}

function Whole({ kind }: { kind: Kind }) {
  const { say, name } = useSpeech();
  const session = useSession();
  return (
    <>
      <PageHead title={name(kind.title)}>
        <span className="number quiet">{kind.code}</span>
        <span className="spring" />
        {may(session, 'organisation.read') && (
          <Link href={`/organisation?tab=who&matter=${kind.code}`}>{say('tab_who')}</Link>
        )}
        {kind.may_open && <Link href={`/matters/new/${kind.code}`}>{say('page_new')}</Link>}
        <Link href={`/matters?code=${kind.code}`}>{say('page_matters')}</Link>
        <Link href="/rulebook">{say('page_rulebook')}</Link>
      </PageHead>
      <section className="panel" aria-labelledby="diagram">
        <h2 id="diagram">{say('step_diagram')}</h2>
        <StepDiagram kind={kind} />
      </section>
      <Reasoned kind={kind} />
      <div className="panel">
        <Parts kind={kind} />
      </div>
    </>
  );
}

function Reasoned({ kind }: { kind: Kind }) {
  const { say, name } = useSpeech();
  return (
    <section className="panel">
      <dl className="values">
        <div className="wide">
          <dt>{say('why_so')}</dt>
          <dd>{name(kind.why)}</dd>
        </div>
        <div>
          <dt>{say('ground')}</dt>
          <dd lang="en">{kind.source}</dd>
        </div>
        <div>
          <dt>{say('serves')}</dt>
          <dd>
            <Duties rows={kind.serves} />
          </dd>
        </div>
        {kind.alone && (
          <div className="wide">
            <dt>{say('alone_because')}</dt>
            <dd>{name(kind.alone)}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}

function Parts({ kind }: { kind: Kind }) {
  const { say } = useSpeech();
  const { data } = useQuery(rulebook.whole);
  const page = kind.file.replace(/\.toml$/, '.md');
  const hasPage = data?.others.includes(page);
  return (
    <Tabs
      items={[
        { key: 'steps', label: say('steps'), children: <StepTable kind={kind} /> },
        { key: 'fields', label: say('fields'), children: <FieldTable kind={kind} /> },
        ...(hasPage ? [{ key: 'cases', label: say('cases'), children: <FileText path={page} /> }] : []),
        { key: 'file', label: kind.file, children: <FileText path={kind.file} /> },
      ]}
    />
  );
}

/** A length of its own, or the parameter that says it. */
function Time({ within }: { within: Schemas['WithinView'] }) {
  const { say } = useSpeech();
  const session = useSession();
  const { length, span } = within;
  const key = SPANS[span];
  const unit = key ? say(key) : span;
  if (/^\d+$/.test(length)) return `${length} ${unit}`;
  return (
    <>
      {may(session, 'parameters.read') ? (
        <Link href={about('/parameters/one', 'of', length)}>{length}</Link>
      ) : (
        length
      )}{' '}
      <span className="quiet">{unit}</span>
    </>
  );
}

function StepTable({ kind }: { kind: Kind }) {
  const { say, name } = useSpeech();
  const text = useHandText();
  const titles = new Map([
    ...kind.steps.map((step) => [step.name, name(step.title)] as const),
    ...kind.ends.map((end) => [`[${end.name}]`, name(end.title)] as const),
  ]);
  return (
    <table className="grid">
      <thead>
        <tr>
          <th>{say('step_name')}</th>
          <th>{say('hand')}</th>
          <th>{say('time_allowed')}</th>
          <th>{say('judged_by')}</th>
          <th>{say('does')}</th>
          <th>{say('may_go_to')}</th>
        </tr>
      </thead>
      <tbody>
        {kind.steps.map((step, at) => (
          <tr key={step.name}>
            <td className="still">
              {at + 1}. {name(step.title)}
            </td>
            <td className="still">
              {step.hands.map((hand, index) => (
                <div key={index}>{text(hand, kind)}</div>
              ))}
            </td>
            <td className="still">{step.within && <Time within={step.within} />}</td>
            <td className="still">{step.checks.join('、')}</td>
            <td className="still">
              {[step.moves && say('moves_things'), step.posts && say('posts_entries')]
                .filter(Boolean)
                .join('、')}
            </td>
            <td className="still">{step.goes.map((to) => titles.get(to) ?? to).join('、')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
