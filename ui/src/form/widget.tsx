// The widget of a field, by its type: one line for each type that the rulebook knows.
import { createElement, type ComponentType } from 'react';
import { Attachments } from './attachments';
import type { Field } from './field';
import { NoteGrid } from './note-grid';
import { AccountPicker, CodePicker, PeoplePicker, type Control } from './pickers';
import { DateField, MoneyField, NumberField, TextField, TimeField } from './plain-fields';
import { RowTable } from './row-table';
import { SerialRanges } from './serial-ranges';

/* eslint-disable @typescript-eslint/no-explicit-any -- each widget has a value of its own type */
const WIDGETS: Record<string, ComponentType<Control<any>>> = {
  text: TextField,
  document: TextField,
  party: TextField,
  matter: NumberField,
  number: TextField,
  thing: TextField,
  integer: NumberField,
  decimal: NumberField,
  money: MoneyField,
  date: DateField,
  time: TimeField,
  enum: CodePicker,
  institution: CodePicker,
  operator: CodePicker,
  operators: PeoplePicker,
  account: AccountPicker,
  account_kind: CodePicker,
  place: CodePicker,
  stock: CodePicker,
  post: CodePicker,
  note_counts: NoteGrid,
  serials: SerialRanges,
  rows: RowTable,
  attachment: Attachments,
};

interface Props {
  id?: string;
  field: Field;
  value?: unknown;
  onChange?: (value: unknown) => void;
  /** What it is called where no label stands beside it. */
  label?: string;
}

export function Widget({ id, field, value, onChange, label }: Props) {
  const widget = WIDGETS[field.type] ?? TextField;
  const drawn = createElement(widget, { ...(id ? { id } : {}), field, value, onChange });
  return label ? (
    <label>
      <span className="skip">{label}</span>
      {drawn}
    </label>
  ) : (
    drawn
  );
}
