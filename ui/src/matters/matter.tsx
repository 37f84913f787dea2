// One matter: where it stands, what it says, who did what, and what one may do now.
import { PrinterOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button } from 'antd';
import { useMemo } from 'react';
import { Link } from 'wouter';
import { answered, bank, ifMatch, type Schemas } from '../api/client';
import { news } from '../api/news';
import { questions } from '../api/questions';
import { isWide, proposed, type Field, type Values } from '../form/field';
import { useChoices, useNames } from '../form/names';
import { Once, PageHead } from '../shell/parts';
import { may, useSession } from '../shell/session';
import { useSpeech } from '../text/text';
import { Due, Stands } from './columns';
import { Needed } from './hands';
import { fieldsOf } from './open';
import { Paper } from './paper';
import { StepForm, type Filled } from './step-form';
import { Steps } from './steps';
import { Trail } from './trail';
import { ValueOf } from './value';
import { Verbs } from './verbs';

type Matter = Schemas['MatterView'];
type Kind = Schemas['KindView'];

export default function MatterPage({ id }: { id: number }) {
  const matter = useQuery({ ...questions.matter(id), ...news });
  return <Once of={matter}>{(known) => <WithKind matter={known} />}</Once>;
}

function WithKind({ matter }: { matter: Matter }) {
  const kind = useQuery(questions.kind(matter.code));
  return <Once of={kind}>{(known) => <Whole matter={matter} kind={known} />}</Once>;
}

function Whole({ matter, kind }: { matter: Matter; kind: Kind }) {
  const { say, name } = useSpeech();
  const queries = useQueryClient();
  const changed = () => {
    void queries.invalidateQueries({ queryKey: ['matter', matter.id] });
    void queries.invalidateQueries({ queryKey: ['queue'] });
  };
  return (
    <>
      <PageHead title={name(matter.title)}>
        <span className="number quiet">{matter.number}</span>
        <Stands head={matter} />
        <Due head={matter} />
        <span className="spring" />
        <Button icon={<PrinterOutlined />} onClick={() => window.print()}>
          {say('print')}
        </Button>
      </PageHead>
      <div className="screen-only">
        <div className="panel">
          <Steps kind={kind} matter={matter} />
        </div>
        <div className="columns">
          <div>
            {!matter.has_ended && <Acting matter={matter} kind={kind} changed={changed} />}
            <Said matter={matter} kind={kind} />
          </div>
          <Beside matter={matter} kind={kind} />
        </div>
      </div>
      <Paper matter={matter} kind={kind} />
    </>
  );
}

interface ActingProps {
  matter: Matter;
  kind: Kind;
  changed: () => void;
}

function Acting({ matter, kind, changed }: ActingProps) {
  const { say, name, language } = useSpeech();
  const step = kind.steps.find((one) => one.name === matter.at);
  return (
    <section className="panel" aria-labelledby="acting">
      <h2 id="acting">{step ? name(step.title) : matter.at}</h2>
      <div style={{ marginBottom: 10 }}>
        <Needed needed={matter.needed} />
        {!matter.may_act && (
          <Alert
            type="info"
            showIcon
            style={{ marginTop: 8 }}
            title={matter.why_not?.[language] ?? say('not_your_step')}
          />
        )}
      </div>
      {matter.may_act && step && (
        <Act key={matter.version} matter={matter} kind={kind} step={step} changed={changed} />
      )}
      <div style={{ borderTop: '1px solid var(--line)', marginTop: 12, paddingTop: 10 }}>
        <Verbs matter={matter} kind={kind} done={changed} />
      </div>
    </section>
  );
}

/** Fields of the step itself, and those of before that are still missing. */
function askedAt(kind: Kind, step: Schemas['StepView'], values: Values): Field[] {
  return fieldsOf(kind, step).filter(
    (field) => field.filled_at === step.name || values[field.name] === undefined,
  );
}

function Act({ matter, kind, step, changed }: ActingProps & { step: Schemas['StepView'] }) {
  const { say, name } = useSpeech();
  const { message } = App.useApp();
  const session = useSession();
  const choices = useChoices();
  const fields = useMemo(() => askedAt(kind, step, matter.values), [kind, step, matter.values]);
  const initial = useMemo(
    () => ({ ...proposed(fields, session, choices), ...matter.values }),
    [fields, session, choices, matter.values],
  );
  const params = (key: string) => ({
    path: { id: matter.id },
    header: { 'Idempotency-Key': key, 'If-Match': ifMatch(matter.version) },
  });
  const send = async (filled: Filled, key: string) => {
    const body = { ...filled, step: step.name };
    await answered(bank.POST('/api/v1/matters/{id}/act', { params: params(key), body }));
    void message.success(say('acted', { step: name(step.title) }));
    changed();
  };
  const preview = (filled: Filled) => {
    const params = { path: { id: matter.id }, header: { 'If-Match': ifMatch(matter.version) } };
    const body = { ...filled, step: step.name };
    return answered(bank.POST('/api/v1/matters/{id}/preview', { params, body }));
  };
  const save = async (filled: Values, key: string) => {
    const body = { fields: filled };
    await answered(bank.PUT('/api/v1/matters/{id}', { params: params(key), body }));
    void message.success(say('draft_saved', { number: matter.number }));
    changed();
  };
  const first = kind.steps[0]?.name === step.name;
  const missing = matter.needed.reduce((sum, one) => sum + one.count, 0);
  return (
    <StepForm
      fields={fields}
      initial={initial}
      keptAs={`${session.operator}.${matter.id}.${step.name}`}
      signs={{ matter: matter.id }}
      several={missing > 1}
      submit={name(step.title)}
      remarks
      send={send}
      preview={preview}
      {...(first && matter.opener === session.operator ? { save } : {})}
    />
  );
}

/** Fields two by two; one that has no neighbour takes the whole line. */
function wideOnes(fields: readonly Field[]): Set<string> {
  const wide = new Set<string>();
  let alone: string | null = null;
  for (const field of fields) {
    if (isWide(field)) {
      wide.add(field.name);
      if (alone !== null) wide.add(alone);
      alone = null;
    } else {
      alone = alone === null ? field.name : null;
    }
  }
  return alone === null ? wide : wide.add(alone);
}

function Said({ matter, kind }: { matter: Matter; kind: Kind }) {
  const { say, name } = useSpeech();
  const fields = kind.fields.filter((field) => matter.values[field.name] !== undefined);
  const wide = wideOnes(fields);
  return (
    <section className="panel" aria-labelledby="said">
      <h2 id="said">{say('content')}</h2>
      <dl className="values">
        {fields.map((field) => (
          <div key={field.name} className={wide.has(field.name) ? 'wide' : undefined}>
            <dt>{name(field.title)}</dt>
            <dd>
              <ValueOf field={field} value={matter.values[field.name]} matter={matter.id} />
            </dd>
          </div>
        ))}
      </dl>
      {fields.length === 0 && <span className="quiet">{say('nothing_said')}</span>}
    </section>
  );
}

function Beside({ matter, kind }: { matter: Matter; kind: Kind }) {
  const { say } = useSpeech();
  const names = useNames();
  const session = useSession();
  return (
    <aside>
      <section className="panel">
        <h2>{say('facts')}</h2>
        <dl className="facts">
          <dt>{say('institution')}</dt>
          <dd>
            {matter.institution} {names.institution(matter.institution)}
          </dd>
          <dt>{say('opener')}</dt>
          <dd>{names.operator(matter.opener)}</dd>
          <dt>{say('opened')}</dt>
          <dd className="number">{matter.opened}</dd>
          {matter.assigned && (
            <>
              <dt>{say('assigned')}</dt>
              <dd>{names.operator(matter.assigned)}</dd>
            </>
          )}
          {matter.signers.length > 0 && (
            <>
              <dt>{say('signers')}</dt>
              <dd>{matter.signers.map(names.operator).join('、')}</dd>
            </>
          )}
          {matter.copies.length > 0 && (
            <>
              <dt>{say('copies')}</dt>
              <dd>
                {matter.copies
                  .map((one) => names.operator(one.operator) + say(one.read ? 'was_read' : 'unread'))
                  .join('、')}
              </dd>
            </>
          )}
          {matter.entries.length > 0 && (
            <>
              <dt>{say('entries')}</dt>
              <dd>
                {matter.entries.map((entry) =>
                  may(session, 'entries.read') ? (
                    <Link key={entry} href={`/entries/${entry}`} style={{ marginInlineEnd: 8 }}>
                      #{entry}
                    </Link>
                  ) : (
                    <span key={entry}>#{entry} </span>
                  ),
                )}
              </dd>
            </>
          )}
        </dl>
      </section>
      <section className="panel">
        <h2>{say('trail')}</h2>
        <Trail kind={kind} trace={matter.trace} />
      </section>
    </aside>
  );
}
