// The form of a matter that is about to be opened.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { answered, bank, type Schemas } from '../api/client';
import { questions } from '../api/questions';
import { proposed, type Field, type Values } from '../form/field';
import { given } from '../form/given';
import { Once, PageHead } from '../shell/parts';
import { useSession } from '../shell/session';
import { useSpeech } from '../text/text';
import { handsOf } from './hands';
import { Reasons } from './reasons';
import { StepForm, type Filled } from './step-form';
import { Steps } from './steps';

type Kind = Schemas['KindView'];

export default function OpenMatter({ code }: { code: string }) {
  const { name } = useSpeech();
  const kind = useQuery(questions.kind(code));
  const choices = useQuery(questions.choices);
  return (
    <>
      <PageHead title={kind.data ? name(kind.data.title) : code}>
        <span className="quiet number">{code}</span>
      </PageHead>
      <Once of={kind}>
        {(known) => (
          <Once of={choices}>{(chosen) => <Opening kind={known} choices={chosen} />}</Once>
        )}
      </Once>
    </>
  );
}

export function fieldsOf(kind: Kind, step: Schemas['StepView']): Field[] {
  return step.fill
    .map((field) => kind.fields.find((one) => one.name === field))
    .filter((field) => field !== undefined && !field.computed) as Field[];
}

function Opening({ kind, choices }: { kind: Kind; choices: Schemas['ChoicesView'] }) {
  const { say, name } = useSpeech();
  const session = useSession();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const step = kind.steps[0];
  const fields = useMemo(() => (step ? fieldsOf(kind, step) : []), [kind, step]);
  const search = useSearch();
  const initial = useMemo(
    () => ({ ...proposed(fields, session, choices), ...given(fields, search) }),
    [fields, session, choices, search],
  );
  // What a link gave is another beginning: what was typed without it is not put over it.
  const keptAs = [session.operator, kind.code, search].filter(Boolean).join('.');
  const open = async (body: Schemas['OpenMatter'], key: string) => {
    const headers = { 'Idempotency-Key': key };
    const said = await answered(
      bank.POST('/api/v1/matters', { body, params: { header: headers } }),
    );
    void message.success(say(body.draft ? 'draft_saved' : 'sent', { number: said.number }));
    void queries.invalidateQueries({ queryKey: ['queue'] });
    go(`/matters/${said.id}`, { replace: true });
  };
  const send = ({ fields: filled, with: tickets }: Filled, key: string) =>
    open({ code: kind.code, fields: filled, with: tickets, draft: false, institution: '' }, key);
  const preview = ({ fields: filled, with: tickets }: Filled) => {
    const body = { code: kind.code, fields: filled, with: tickets, draft: false, institution: '' };
    return answered(bank.POST('/api/v1/matters/preview', { body }));
  };
  const save = (filled: Values, key: string) =>
    open({ code: kind.code, fields: filled, with: [], draft: true, institution: '' }, key);
  if (!step) return null;
  return (
    <>
      <div className="panel">
        <Steps kind={kind} />
      </div>
      <div className="panel">
        <h2>{name(step.title)}</h2>
        <StepForm
          fields={fields}
          initial={initial}
          keptAs={keptAs}
          signs={{ kind: kind.code }}
          several={handsOf(step) > 1}
          submit={say('send')}
          remarks={false}
          send={send}
          save={save}
          preview={preview}
        />
      </div>
      <Reasons kind={kind} />
    </>
  );
}
