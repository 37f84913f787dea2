// What a list of matters is narrowed by: every filter that the bank knows.
import { useQuery } from '@tanstack/react-query';
import { Checkbox, DatePicker, Input } from 'antd';
import dayjs from 'dayjs';
import type { ReactNode } from 'react';
import { questions } from '../api/questions';
import { operatorOptions, useChoices } from '../form/names';
import { Choice } from '../shell/choice';
import type { Filters, Put } from '../shell/filters';
import { useSpeech } from '../text/text';

interface BarProps {
  filters: Filters;
  put: Put;
  ended: boolean;
  children: ReactNode;
}

export function FilterBar({ filters, put, ended, children }: BarProps) {
  const { say, name } = useSpeech();
  const { data: kinds } = useQuery(questions.kinds);
  const { institutions, operators } = useChoices();
  const code = filters.code ?? '';
  const { data: kind } = useQuery({ ...questions.kind(code), enabled: code !== '' });
  const stands = ended
    ? (kind?.ends ?? []).map((end) => ({ value: end.name, label: name(end.title) }))
    : (kind?.steps ?? []).map((step) => ({ value: step.name, label: name(step.title) }));
  const select = (key: string, label: string, options: { value: string; label: string }[], width: number) => (
    <Choice
      label={label}
      value={filters[key]}
      options={options}
      width={width}
      choose={(value) => put({ [key]: value, ...(key === 'code' ? { at: '' } : {}) })}
    />
  );
  return (
    <div className="filters">
      {select(
        'code',
        say('matter'),
        (kinds ?? []).map((one) => ({ value: one.code, label: `${one.code} ${name(one.title)}` })),
        240,
      )}
      {stands.length > 0 && select('at', say(ended ? 'result' : 'step'), stands, 130)}
      {select(
        'institution',
        say('institution'),
        institutions.map((one) => ({ value: one.code, label: `${one.code} ${name(one.title)}` })),
        180,
      )}
      {select(
        'opener',
        say('opener'),
        operatorOptions(operators),
        140,
      )}
      <Input.Search
        key={filters.number ?? ''}
        allowClear
        style={{ width: 200 }}
        aria-label={say('matter_number')}
        placeholder={say('matter_number')}
        defaultValue={filters.number}
        onSearch={(number) => put({ number: number.trim() })}
      />
      <DatePicker.RangePicker
        aria-label={say(ended ? 'ended_on' : 'opened')}
        allowEmpty={[true, true]}
        value={[
          filters.from ? dayjs(filters.from) : null,
          filters.until ? dayjs(filters.until) : null,
        ]}
        onChange={(days) =>
          put({
            from: days?.[0]?.format('YYYY-MM-DD') ?? '',
            until: days?.[1]?.format('YYYY-MM-DD') ?? '',
          })
        }
        style={{ width: 230 }}
      />
      {!ended && (
        <Checkbox
          checked={Boolean(filters.late)}
          onChange={(event) => put({ late: event.target.checked ? '1' : '' })}
        >
          {say('only_late')}
        </Checkbox>
      )}
      {children}
    </div>
  );
}
