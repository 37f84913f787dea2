// 明细行: a table of small forms.
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useSpeech } from '../text/text';
import { fromMinor, grouped, minor } from './amount';
import type { Field, Values } from './field';
import type { Control } from './pickers';
import { Widget } from './widget';

export function RowTable({ id, value, onChange, field }: Control<Values[]>) {
  const { say, name } = useSpeech();
  const columns = field.columns ?? [];
  const rows = value && value.length > 0 ? value : [{}];
  const change = (at: number, column: string, cell: unknown) =>
    onChange?.(rows.map((row, index) => (index === at ? { ...row, [column]: cell } : row)));
  return (
    <div id={id} tabIndex={-1} style={{ overflowX: 'auto' }}>
      <table className="grid figures">
        <thead>
          <tr>
            <th style={{ width: 32 }}>{say('row')}</th>
            {columns.map((column) => (
              <th key={column.name} className={column.type === 'money' ? 'figure' : undefined}>
                {name(column.title)}
                {!column.optional && <span aria-hidden="true"> *</span>}
              </th>
            ))}
            <th style={{ width: 36 }} />
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              <td className="still quiet">{at + 1}</td>
              {columns.map((column) => (
                <td key={column.name} style={{ minWidth: 120 }}>
                  <Widget
                    field={column}
                    label={`${name(field.title)} ${at + 1} ${name(column.title)}`}
                    value={row[column.name]}
                    onChange={(cell) => change(at, column.name, cell)}
                  />
                </td>
              ))}
              <td>
                <Button
                  type="text"
                  icon={<DeleteOutlined />}
                  aria-label={say('remove_row')}
                  onClick={() => onChange?.(rows.filter((_, index) => index !== at))}
                />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td colSpan={2}>
              <Button
                size="small"
                icon={<PlusOutlined />}
                onClick={() => onChange?.([...rows, {}])}
              >
                {say('add_row')}
              </Button>
            </td>
            {columns.slice(1).map((column) => (
              <td key={column.name} className="figure">
                {column.type === 'money' && totalOf(rows, column)}
              </td>
            ))}
            <td />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function totalOf(rows: readonly Values[], column: Field): string {
  const digits = column.digits ?? 2;
  const cells = rows.map((row) => row[column.name]);
  const sum = cells.reduce<bigint>(
    (total, cell) => total + (typeof cell === 'string' ? minor(cell, digits) : 0n),
    0n,
  );
  return grouped(fromMinor(sum, digits));
}
