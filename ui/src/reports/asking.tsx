// What a report is asked for with: only what it takes. What the bank refuses stands at its field.
import { Button, DatePicker, Form, Input, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Refused } from '../api/client';
import { questions } from '../api/questions';
import { AccountPicker } from '../form/pickers';
import { useChoices } from '../form/names';
import { DAY, TYPED } from '../shell/period';
import { useSpeech } from '../text/text';
import type { TextKey } from '../text/zh';
import type { Asked } from './questions';

const TITLES: Record<string, TextKey> = {
  day: 'day',
  from: 'first_day',
  to: 'last_day',
  until: 'last_day',
  institution: 'institution',
  account: 'account',
  subject: 'subject',
  unit: 'unit',
  level: 'level',
  code: 'matter',
};

const DAYS = new Set(['day', 'from', 'to', 'until']);

type Typed = Record<string, string | Dayjs | null | undefined>;

function spelled(typed: Typed): Asked {
  const asked: Asked = {};
  for (const [key, value] of Object.entries(typed)) {
    const text = dayjs.isDayjs(value) ? value.format(DAY) : (value ?? '').trim();
    if (text) asked[key] = text;
  }
  return asked;
}

interface Props {
  takes: readonly string[];
  needs: readonly string[];
  asked: Asked;
  error: unknown;
  ask: (asked: Asked) => void;
}

export function Asking({ takes, needs, asked, error, ask }: Props) {
  const { say, language } = useSpeech();
  const problem = error instanceof Refused ? error.problem : null;
  const initial: Typed = {};
  for (const key of takes) initial[key] = DAYS.has(key) && asked[key] ? dayjs(asked[key]) : asked[key];
  return (
    <Form
      key={JSON.stringify(asked)}
      layout="inline"
      className="asking"
      initialValues={initial}
      requiredMark={false}
      onFinish={(typed: Typed) => ask(spelled(typed))}
    >
      {takes.map((key) => (
        <Form.Item
          key={key}
          name={key}
          label={TITLES[key] ? say(TITLES[key]) : key}
          rules={needs.includes(key) ? [{ required: true, message: say('is_needed') }] : []}
          {...(problem?.field === key ? { validateStatus: 'error', help: problem[language] } : {})}
        >
          {FIELDS[key] ?? <Input style={{ width: 110 }} />}
        </Form.Item>
      ))}
      <Button type="primary" htmlType="submit">
        {say('make_report')}
      </Button>
    </Form>
  );
}

interface Control {
  id?: string;
  value?: string;
  onChange?: (value: string | undefined) => void;
}

function InstitutionField(props: Control) {
  const { name } = useSpeech();
  const { institutions } = useChoices();
  const options = institutions.map((one) => ({
    value: one.code,
    label: `${one.code} ${name(one.title)}`,
  }));
  return (
    <Select {...props} allowClear showSearch={{ optionFilterProp: 'label' }} options={options} style={{ width: 190 }} />
  );
}

function LevelField(props: Control) {
  const { say } = useSpeech();
  const options = [
    { value: '1', label: say('level_1') },
    { value: '2', label: say('level_2') },
  ];
  return <Select {...props} allowClear options={options} style={{ width: 110 }} />;
}

function KindField(props: Control) {
  const { name } = useSpeech();
  const { data: kinds } = useQuery(questions.kinds);
  const options = (kinds ?? []).map((one) => ({
    value: one.code,
    label: `${one.code} ${name(one.title)}`,
  }));
  return (
    <Select {...props} showSearch={{ optionFilterProp: 'label' }} options={options} style={{ width: 260 }} />
  );
}

function AccountField({ id, value, onChange }: Control) {
  return (
    <div style={{ width: 280 }}>
      <AccountPicker
        {...(id ? { id } : {})}
        value={value}
        onChange={(next) => onChange?.(next)}
        field={ACCOUNT}
      />
    </div>
  );
}

const NAMELESS = { zh: '', en: '' };
const ACCOUNT = {
  name: 'account',
  type: 'account',
  title: NAMELESS,
  help: NAMELESS,
  computed: false,
  optional: false,
};

const DAY_FIELD = <DatePicker format={TYPED} style={{ width: 130 }} />;

const FIELDS: Record<string, ReactNode> = {
  day: DAY_FIELD,
  from: DAY_FIELD,
  to: DAY_FIELD,
  until: DAY_FIELD,
  institution: <InstitutionField />,
  level: <LevelField />,
  code: <KindField />,
  account: <AccountField />,
};
