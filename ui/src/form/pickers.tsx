// Fields that choose from what the bank knows: institutions, people, places, posts, stock, accounts.
import { useQuery } from '@tanstack/react-query';
import { AutoComplete, Input, Select } from 'antd';
import { useDeferredValue, useMemo } from 'react';
import { questions } from '../api/questions';
import { may, useSession } from '../shell/session';
import { useSpeech } from '../text/text';
import { grouped } from './amount';
import type { Field } from './field';
import { useChoices, useNames } from './names';

export interface Control<T> {
  /** Given by the form, so that a label finds its field. */
  id?: string;
  value?: T | undefined;
  onChange?: (value: T | undefined) => void;
  field: Field;
}

interface Option {
  value: string;
  label: string;
}

const byLabel = (typed: string, option: Option | undefined): boolean =>
  `${option?.label ?? ''} ${option?.value ?? ''}`.toLowerCase().includes(typed.toLowerCase());

/** Codes with their names, for every field that takes one code. */
function useOptions(field: Field): Option[] {
  const { name } = useSpeech();
  const choices = useChoices();
  const names = useNames();
  return useMemo(() => {
    const titled = (list: { code: string; title: { zh: string; en: string } }[]): Option[] =>
      list.map((one) => ({ value: one.code, label: `${one.code} ${name(one.title)}` }));
    const of = field.of ?? [];
    switch (field.type) {
      case 'enum':
        return (field.choices ?? []).map((one) => ({ value: one.code, label: name(one.title) }));
      case 'institution':
        return titled(choices.institutions);
      case 'post':
        return titled(choices.posts);
      case 'stock':
        return titled(choices.stocks);
      case 'account_kind':
        return titled(choices.account_kinds);
      case 'place':
        return choices.places
          .filter((one) => of.length === 0 || of.includes(one.kind))
          .map((one) => ({ value: one.place, label: names.place(one.place) }));
      default:
        return choices.operators.map((one) => ({
          value: one.operator,
          label: `${one.name} ${one.operator} · ${one.institution}`,
        }));
    }
  }, [field, choices, names, name]);
}

export function CodePicker({ id, value, onChange, field }: Control<string>) {
  const options = useOptions(field);
  return (
    <Select
      id={id}
      value={value}
      onChange={(next: string | undefined) => onChange?.(next)}
      options={options}
      showSearch={{ filterOption: byLabel }}
      allowClear={field.optional}
      style={{ width: '100%' }}
    />
  );
}

export function PeoplePicker({ id, value, onChange, field }: Control<string[]>) {
  const options = useOptions(field);
  return (
    <Select
      id={id}
      mode="multiple"
      value={value ?? []}
      onChange={(next: string[]) => onChange?.(next)}
      options={options}
      showSearch={{ filterOption: byLabel }}
      style={{ width: '100%' }}
    />
  );
}

/** An account by number or name, with whose it is and what stands on it. */
export function AccountPicker({ id, value, onChange }: Control<string>) {
  const { say } = useSpeech();
  const session = useSession();
  const sees = may(session, 'accounts.read');
  const wanted = useDeferredValue(value ?? '');
  const { data: page } = useQuery({
    ...questions.accounts({ q: wanted, limit: 10 }),
    enabled: sees && wanted.length >= 2,
  });
  const exact = page?.accounts.find((one) => one.number === value);
  if (!sees) {
    return <Input id={id} value={value} onChange={(event) => onChange?.(event.target.value)} />;
  }
  return (
    <>
      <AutoComplete
        id={id}
        value={value ?? ''}
        onChange={(next: string) => onChange?.(next)}
        options={(page?.accounts ?? []).map((one) => ({
          value: one.number,
          label: `${one.number}  ${one.name}`,
        }))}
        placeholder={say('account_hint')}
        style={{ width: '100%' }}
      />
      <div className="capital">
        {exact &&
          `${exact.name} · ${say('balance')} ${exact.unit} ${grouped(exact.balance)} ${say(
            exact.side === 'debit' ? 'debit' : 'credit',
          )}`}
      </div>
    </>
  );
}
