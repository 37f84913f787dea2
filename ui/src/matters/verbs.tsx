// 流转操作: what can be done with any matter. What one may not do stays in sight, greyed, with why.
import { Button, Form, Input, Modal, Select, Tooltip } from 'antd';
import { useMemo, useState } from 'react';
import { Keys, answered, bank, ifMatch, type Schemas } from '../api/client';
import { useChoices } from '../form/names';
import { Refusal } from '../shell/parts';
import { useSession, type Session } from '../shell/session';
import { useSpeech, type Speech } from '../text/text';
import type { TextKey } from '../text/zh';

type Matter = Schemas['MatterView'];
type Kind = Schemas['KindView'];

interface Verb {
  deed: string;
  title: TextKey;
  /** To whom, or to where. */
  to: 'nobody' | 'step' | 'operator' | 'operators' | 'signer';
  /** Whether the bank wants to know why. */
  note: boolean;
  who: 'hand' | 'opener' | 'anybody' | 'copied';
}

const VERBS: readonly Verb[] = [
  { deed: 'return', title: 'verb_return', to: 'step', note: true, who: 'hand' },
  { deed: 'refuse', title: 'verb_refuse', to: 'nobody', note: true, who: 'hand' },
  { deed: 'withdraw', title: 'verb_withdraw', to: 'nobody', note: false, who: 'opener' },
  { deed: 'void', title: 'verb_void', to: 'nobody', note: true, who: 'opener' },
  { deed: 'transfer', title: 'verb_transfer', to: 'operator', note: false, who: 'hand' },
  { deed: 'delegate', title: 'verb_delegate', to: 'operator', note: false, who: 'hand' },
  { deed: 'add_signer', title: 'verb_add_signer', to: 'operator', note: false, who: 'hand' },
  { deed: 'remove_signer', title: 'verb_remove_signer', to: 'signer', note: false, who: 'anybody' },
  { deed: 'urge', title: 'verb_urge', to: 'nobody', note: false, who: 'anybody' },
  { deed: 'copy', title: 'verb_copy', to: 'operators', note: false, who: 'anybody' },
  { deed: 'read', title: 'verb_read', to: 'nobody', note: false, who: 'copied' },
  { deed: 'comment', title: 'verb_comment', to: 'nobody', note: true, who: 'anybody' },
];

/** Why somebody may not; null: they may try, and the bank decides. */
function hindrance(verb: Verb, matter: Matter, session: Session, speech: Speech): string | null {
  const { say, language } = speech;
  switch (verb.who) {
    case 'hand':
      return matter.may_act ? null : (matter.why_not?.[language] ?? say('not_your_step'));
    case 'opener':
      return matter.opener === session.operator ? null : say('only_opener');
    default:
      return null;
  }
}

function applies(verb: Verb, matter: Matter, kind: Kind, session: Session): boolean {
  const first = kind.steps[0]?.name === matter.at;
  if (verb.deed === 'return' || verb.deed === 'withdraw') return !first;
  if (verb.deed === 'void') return first;
  if (verb.deed === 'remove_signer') return matter.signers.length > 0;
  if (verb.deed !== 'read') return true;
  return matter.copies.some((copy) => copy.operator === session.operator && !copy.read);
}

interface Props {
  matter: Matter;
  kind: Kind;
  done: () => void;
}

export function Verbs({ matter, kind, done }: Props) {
  const speech = useSpeech();
  const session = useSession();
  const [chosen, setChosen] = useState<Verb | null>(null);
  if (matter.has_ended) return null;
  return (
    <div className="bar">
      {VERBS.filter((verb) => applies(verb, matter, kind, session)).map((verb) => {
        const no = hindrance(verb, matter, session, speech);
        const button = (
          <Button aria-disabled={no !== null} disabled={no !== null} onClick={() => setChosen(verb)}>
            {speech.say(verb.title)}
          </Button>
        );
        return (
          <Tooltip key={verb.deed} title={no}>
            <span title={no ?? undefined}>{button}</span>
          </Tooltip>
        );
      })}
      {chosen && (
        <VerbDialog
          key={chosen.deed}
          verb={chosen}
          matter={matter}
          kind={kind}
          close={() => setChosen(null)}
          done={done}
        />
      )}
    </div>
  );
}

interface Said {
  to?: string | string[];
  note?: string;
}

function VerbDialog({ verb, matter, kind, close, done }: Props & { verb: Verb; close: () => void }) {
  const { say } = useSpeech();
  const [form] = Form.useForm<Said>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const keys = useMemo(() => new Keys(), []);
  const finish = async ({ to, note }: Said) => {
    setBusy(true);
    setError(null);
    const named = to === undefined ? [] : Array.isArray(to) ? to : [to];
    const body = { do: verb.deed, to: named, note: note ?? '' };
    const header = { 'Idempotency-Key': keys.for(body), 'If-Match': ifMatch(matter.version) };
    try {
      const params = { path: { id: matter.id }, header };
      await answered(bank.POST('/api/v1/matters/{id}/handle', { params, body }));
      close();
      done();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  const needed = [{ required: true, message: say('is_needed') }];
  return (
    <Modal
      open
      title={`${say(verb.title)} · ${matter.number}`}
      onCancel={close}
      onOk={() => form.submit()}
      okText={say(verb.title)}
      okButtonProps={{ loading: busy, danger: verb.deed === 'refuse' || verb.deed === 'void' }}
      width={440}
    >
      <Refusal error={error} />
      <Form form={form} layout="vertical" onFinish={finish} initialValues={{ to: onlyStep(verb, matter, kind) }}>
        {verb.to !== 'nobody' && (
          <Form.Item name="to" label={say(verb.to === 'step' ? 'to_step' : 'to_operator')} rules={needed}>
            <Target verb={verb} matter={matter} kind={kind} />
          </Form.Item>
        )}
        <Form.Item name="note" label={say(verb.note ? 'reason' : 'remark')} rules={verb.note ? needed : []}>
          <Input.TextArea autoFocus autoSize={{ minRows: 2, maxRows: 6 }} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function earlier(matter: Matter, kind: Kind): Kind['steps'] {
  const at = kind.steps.findIndex((step) => step.name === matter.at);
  return kind.steps.slice(0, Math.max(at, 0));
}

function onlyStep(verb: Verb, matter: Matter, kind: Kind): string | undefined {
  return verb.to === 'step' ? earlier(matter, kind).at(-1)?.name : undefined;
}

interface TargetProps {
  id?: string;
  value?: string | string[];
  onChange?: (value: string | string[]) => void;
  verb: Verb;
  matter: Matter;
  kind: Kind;
}

function Target({ id, value, onChange, verb, matter, kind }: TargetProps) {
  const { name } = useSpeech();
  const { operators } = useChoices();
  const steps = earlier(matter, kind).map((step) => ({ value: step.name, label: name(step.title) }));
  const people = operators
    .filter((one) => verb.to !== 'signer' || matter.signers.includes(one.operator))
    .map((one) => ({ value: one.operator, label: `${one.name} ${one.operator} · ${one.institution}` }));
  const shared = { id, showSearch: { optionFilterProp: 'label' }, options: verb.to === 'step' ? steps : people };
  return verb.to === 'operators' ? (
    <Select {...shared} mode="multiple" value={value as string[]} onChange={(next: string[]) => onChange?.(next)} />
  ) : (
    <Select {...shared} value={value as string} onChange={(next: string) => onChange?.(next)} />
  );
}
