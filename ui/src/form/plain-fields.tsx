// Text, figures, days: what is typed.
import { DatePicker, Input, TimePicker } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useSpeech } from '../text/text';
import { capital, grouped, parseAmount } from './amount';
import type { Control } from './pickers';

export function TextField({ id, value, onChange, field }: Control<string>) {
  const change = (text: string) => onChange?.(text === '' ? undefined : text);
  return field.type === 'text' ? (
    <Input.TextArea
      id={id}
      value={value}
      autoSize={{ minRows: 1, maxRows: 6 }}
      onChange={(event) => change(event.target.value)}
    />
  ) : (
    <Input id={id} value={value} onChange={(event) => change(event.target.value)} />
  );
}

export function NumberField({ id, value, onChange, field }: Control<string | number>) {
  return (
    <Input
      id={id}
      className="figure"
      inputMode={field.type === 'integer' ? 'numeric' : 'decimal'}
      value={value === undefined ? '' : String(value)}
      onChange={(event) => onChange?.(event.target.value.trim() || undefined)}
    />
  );
}

/** Grouped when left, plain while typed into; below it the capital amount (大写). */
export function MoneyField({ id, value, onChange, field }: Control<string>) {
  const digits = field.digits ?? 2;
  const [typed, setTyped] = useState<string | null>(null);
  const plain = value === undefined ? null : parseAmount(value, digits);
  const shown = typed ?? (plain === null ? (value ?? '') : grouped(plain));
  const leave = () => {
    const read = typed === null || typed.trim() === '' ? null : parseAmount(typed, digits);
    if (read !== null) onChange?.(read);
    setTyped(null);
  };
  return (
    <>
      <Input
        id={id}
        className="figure"
        inputMode="decimal"
        suffix={<span className="quiet">{field.unit}</span>}
        value={shown}
        onFocus={() => setTyped(value ?? '')}
        onChange={(event) => {
          const text = event.target.value;
          setTyped(text);
          onChange?.(text.trim() === '' ? undefined : (parseAmount(text, digits) ?? text));
        }}
        onBlur={leave}
      />
      {field.unit === 'CNY' && (
        <div className="capital" data-testid="capital">
          {plain !== null && capital(plain)}
        </div>
      )}
    </>
  );
}

export function DateField({ id, value, onChange }: Control<string>) {
  const { say } = useSpeech();
  const day = value ? dayjs(value) : null;
  return (
    <DatePicker
      id={id}
      value={day?.isValid() ? day : null}
      onChange={(next) => onChange?.(next ? next.format('YYYY-MM-DD') : undefined)}
      format={['YYYY-MM-DD', 'YYYYMMDD', 'YYYY/M/D']}
      placeholder={say('date_hint')}
      style={{ width: '100%' }}
    />
  );
}

export function TimeField({ id, value, onChange }: Control<string>) {
  const time = value ? dayjs(`2000-01-01T${value}`) : null;
  return (
    <TimePicker
      id={id}
      value={time?.isValid() ? time : null}
      onChange={(next) => onChange?.(next ? next.format('HH:mm') : undefined)}
      format="HH:mm"
      needConfirm={false}
      style={{ width: '100%' }}
    />
  );
}
