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

interface ChooserProps {
  fields: readonly Field[];
  chosen: string[];
  choose: (names: string[]) => void;
}

export function ColumnChooser({ fields, chosen, choose }: ChooserProps) {
  const { say, name } = useSpeech();
  return (
    <Select
      mode="multiple"
      maxTagCount="responsive"
      style={{ width: 240 }}
      aria-label={say('columns')}
      placeholder={say('columns')}
      value={chosen}
      onChange={(names: string[]) => choose(names)}
      options={fields.map((field) => ({ value: field.name, label: name(field.title) }))}
      showSearch={{ optionFilterProp: 'label' }}
    />
  );
}

export function useValueColumns(
  fields: readonly Field[],
  chosen: readonly string[],
  values: ReadonlyMap<number, Values>,
) {
  const { name } = useSpeech();
  const shown = fields.filter((field) => chosen.includes(field.name));
  return shown.map((field) => ({
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
