// Columns of a list of one kind: which of its fields stand in the table, chosen and kept for each kind.
import { Select } from 'antd';
import type { Schemas } from '../api/client';
import { isEmpty, isWide, type Field, type Values } from '../form/field';
import { useSpeech } from '../text/text';
import type { Head } from './columns';
import { ValueOf } from './value';

/** Fields that say something in one line. */
export function columnsOf(kind: Schemas['KindView']): Field[] {
  return kind.fields.filter((field) => !isWide(field));
}

/** What one sees before one has chosen: amounts and the first fields. */
export function usual(fields: readonly Field[]): string[] {
  const amounts = fields.filter((field) => field.type === 'money').map((field) => field.name);
  const others = fields.filter((field) => field.type !== 'money').map((field) => field.name);
  return [...amounts, ...others].slice(0, 2);
}

const KEPT = 'piaohao.columns.';

export function keptColumns(code: string): string[] | null {
  const kept = localStorage.getItem(KEPT + code);
  return kept === null ? null : kept.split(',').filter(Boolean);
}

export function keepColumns(code: string, names: readonly string[]): void {
  localStorage.setItem(KEPT + code, names.join(','));
}

const HIDDEN = 'piaohao.hidden-columns';

/** Columns of every matter that somebody does not want to see. */
export function keptHidden(): string[] {
  return (localStorage.getItem(HIDDEN) ?? '').split(',').filter(Boolean);
}

export function keepHidden(keys: readonly string[]): void {
  localStorage.setItem(HIDDEN, keys.join(','));
}

export interface Plain {
  key: string;
  title: string;
}

interface ChooserProps {
  fields: readonly Field[];
  chosen: string[];
  choose: (names: string[]) => void;
  /** Columns of every matter, and those of them that are not shown. */
  plain: readonly Plain[];
  hidden: readonly string[];
  hide: (keys: string[]) => void;
}

/** Under which columns of fields stand among the choices. */
const OF_FIELD = 'value-';

export function ColumnChooser({ fields, chosen, choose, plain, hidden, hide }: ChooserProps) {
  const { say, name } = useSpeech();
  const shown = plain.map((one) => one.key).filter((key) => !hidden.includes(key));
  const change = (keys: string[]) => {
    hide(plain.map((one) => one.key).filter((key) => !keys.includes(key)));
    choose(
      keys.filter((key) => key.startsWith(OF_FIELD)).map((key) => key.slice(OF_FIELD.length)),
    );
  };
  return (
    <Select
      mode="multiple"
      maxTagCount={0}
      maxTagPlaceholder={(left) => say('columns_n', { n: left.length })}
      style={{ width: 150 }}
      aria-label={say('columns')}
      placeholder={say('columns')}
      value={[...shown, ...chosen.map((one) => OF_FIELD + one)]}
      onChange={change}
      options={[
        ...plain.map((one) => ({ value: one.key, label: one.title })),
        ...fields.map((field) => ({ value: OF_FIELD + field.name, label: name(field.title) })),
      ]}
      showSearch={{ optionFilterProp: 'label' }}
    />
  );
}

export function useValueColumns(
  fields: readonly Field[],
  values: ReadonlyMap<number, Values>,
) {
  const { name } = useSpeech();
  return fields.map((field) => ({
    key: `value-${field.name}`,
    title: name(field.title),
    ellipsis: true,
    width: 150,
    ...(field.type === 'money' ? { align: 'right' as const } : {}),
    render: (_: unknown, head: Head) => {
      const value = values.get(head.id)?.[field.name];
      if (isEmpty(value)) return null;
      return <ValueOf field={field} value={value} matter={head.id} brief />;
    },
  }));
}
