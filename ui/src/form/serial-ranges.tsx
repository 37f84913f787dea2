// 号段: kind, first and last number of each range, and how many pieces that is.
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Select } from 'antd';
import { useState } from 'react';
import { useSpeech } from '../text/text';
import { useChoices } from './names';
import type { Control } from './pickers';
import { parseRange, pieces, range, serial, written } from './serial';

interface Row {
  kind: string;
  first: string;
  last: string;
}

/** As it is shown again after a draft: what reads as a range is split into its ends. */
function rowOf(text: string): Row {
  const read = parseRange(text);
  if (!read) {
    const [kind = '', rest = ''] = text.split(/:(.*)/s);
    return { kind, first: rest, last: '' };
  }
  const last = read.from === read.to ? '' : serial(read.prefix, read.to);
  return { kind: read.kind, first: serial(read.prefix, read.from), last };
}

/** Half a range is sent as it is: the bank says what is wrong with it. */
function textOf({ kind, first, last }: Row): string {
  const read = range(kind, first, last);
  if (read) return written(read);
  if (first.trim() === '') return '';
  return `${kind}:${first.trim()}${last.trim() === '' ? '' : `-${last.trim()}`}`;
}

export function SerialRanges({ id, value, onChange, field }: Control<string[]>) {
  const { say, name } = useSpeech();
  const { stocks } = useChoices();
  const of = field.of ?? [];
  const kinds = stocks.filter((one) => of.length === 0 || of.includes(one.code));
  const usual = kinds.length === 1 ? (kinds[0]?.code ?? '') : '';
  const [rows, setRows] = useState<Row[]>(() => (value ?? []).map(rowOf));
  const shown = rows.length > 0 ? rows : [{ kind: usual, first: '', last: '' }];
  const put = (next: Row[]) => {
    setRows(next);
    onChange?.(next.map(textOf).filter((text) => text !== ''));
  };
  const change = (at: number, part: Partial<Row>) =>
    put(shown.map((row, index) => (index === at ? { ...row, ...part } : row)));
  const reads = shown.map((row) => range(row.kind || usual, row.first, row.last));
  const total = reads.reduce((sum, read) => sum + (read ? pieces(read) : 0n), 0n);
  return (
    <div id={id} tabIndex={-1}>
      <table className="grid figures" style={{ maxWidth: 760 }}>
        <thead>
          <tr>
            <th>{say('stock_kind')}</th>
            <th>{say('serial_first')}</th>
            <th>{say('serial_last')}</th>
            <th className="figure">{say('pieces')}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {shown.map((row, at) => {
            const read = reads[at];
            const count = read ? pieces(read) : null;
            const wrong = count === null && row.first.trim() !== '' ? 'cell wrong' : 'cell';
            return (
              <tr key={at}>
                <td style={{ width: 240 }}>
                  <Select
                    aria-label={say('stock_kind')}
                    style={{ width: '100%' }}
                    value={row.kind || usual || null}
                    onChange={(kind: string | null) => change(at, { kind: kind ?? '' })}
                    options={kinds.map((one) => ({ value: one.code, label: name(one.title) }))}
                    showSearch={{ optionFilterProp: 'label' }}
                  />
                </td>
                {(['first', 'last'] as const).map((end) => (
                  <td key={end}>
                    <input
                      className={wrong}
                      aria-label={`${name(field.title)} ${say(end === 'first' ? 'serial_first' : 'serial_last')}`}
                      value={row[end]}
                      onChange={(event) =>
                        change(at, { kind: row.kind || usual, [end]: event.target.value })
                      }
                    />
                  </td>
                ))}
                <td className="figure still">{count?.toLocaleString()}</td>
                <td style={{ width: 36 }}>
                  <Button
                    type="text"
                    icon={<DeleteOutlined />}
                    aria-label={say('remove_row')}
                    onClick={() => put(shown.filter((_, index) => index !== at))}
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <td colSpan={3}>
              <Button
                size="small"
                icon={<PlusOutlined />}
                onClick={() => put([...shown, { kind: usual, first: '', last: '' }])}
              >
                {say('add_row')}
              </Button>
            </td>
            <td className="figure">{total > 0n && total.toLocaleString()}</td>
            <td />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
