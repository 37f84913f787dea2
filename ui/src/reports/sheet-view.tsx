// A report as a table: money under money, sums set apart, each figure a way to what it is made of. On
// paper all of its rows stand, whatever page the screen was on.
import { Input, Table, type TableColumnsType } from 'antd';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { useSpeech } from '../text/text';
import { SheetPaper } from './sheet-paper';
import { shown, type Column, type Row, type Sheet } from './sheet';
import { usePrinting } from './printing';
import './reports.css';

const PAGE = 100;

/** So many rows are looked through by eye. */
const FEW = 30;

const WIDTHS: Record<string, number> = { amount: 150, integer: 80, date: 104, rate: 90, percent: 90 };

/** What a text takes up: signs of Chinese are as wide as two others. */
function span(text: string): number {
  let width = 0;
  for (const sign of text) width += sign > '\u2e7f' ? 15 : 9;
  return width + 18;
}

/** Codes and short words are as wide as the longest of them; long texts share what is left. */
function widthOf(column: Column, rows: Row[]): number | undefined {
  if (column.kind !== 'code' && column.kind !== 'text') return WIDTHS[column.kind];
  const longest = rows
    .slice(0, PAGE)
    .reduce((most, row) => Math.max(most, span(String(row.cells[column.key] ?? ''))), 64);
  if (column.kind === 'text') return longest < 110 ? longest : undefined;
  return Math.min(Math.max(longest, span(column.title.zh)), 240);
}

interface Props {
  sheet: Sheet;
  leads: (key: string, row: Row) => string | null;
}

export function SheetView({ sheet, leads }: Props) {
  const { say, name } = useSpeech();
  const printing = usePrinting();
  const [wanted, setWanted] = useState('');
  const rows = useMemo(() => {
    const asked = wanted.trim().toLowerCase();
    if (asked === '') return sheet.rows;
    return sheet.rows.filter((row) =>
      Object.values(row.cells).some((cell) => String(cell ?? '').toLowerCase().includes(asked)),
    );
  }, [sheet, wanted]);
  const columns = useMemo<TableColumnsType<Row>>(
    () =>
      sheet.columns.map((column) => {
        const width = widthOf(column, sheet.rows);
        return {
          key: column.key,
          title: name(column.title),
          align: column.align,
          ...(width === undefined ? {} : { width }),
          ...(column.kind === 'text' ? {} : { className: 'number' }),
          render: (_, row) => <Shown column={column} row={row} to={leads(column.key, row)} />,
        };
      }),
    [sheet, leads, name],
  );
  const wide = sheet.columns.reduce((sum, one) => sum + (widthOf(one, sheet.rows) ?? 130), 0);
  if (printing) return <SheetPaper sheet={sheet} />;
  return (
    <>
      <div className="sheet-head">
        {sheet.captions.map(({ label, value }) => (
          <span key={label}>
            <span className="quiet">{label}</span> {value}
          </span>
        ))}
        <span className="spring" />
        {sheet.rows.length > FEW && (
          <Input.Search
            allowClear
            style={{ width: 200 }}
            aria-label={say('find_in_table')}
            placeholder={say('find_in_table')}
            onSearch={setWanted}
          />
        )}
      </div>
      <div className="sheet-scroll" role="region" aria-label={name(sheet.title)} tabIndex={0}>
        <Table
          size="small"
          rowKey="at"
          columns={columns}
          dataSource={rows}
          style={{ minWidth: wide }}
          rowClassName={(row) => (row.style === 'normal' ? '' : `sheet-${row.style}`)}
          pagination={{
            defaultPageSize: PAGE,
            hideOnSinglePage: true,
            showSizeChanger: false,
            showTotal: (n, [from, to]) => say('rows_of', { from, to, n }),
          }}
          locale={{ emptyText: say('nothing_found') }}
        />
      </div>
      {sheet.notes.map((note) => (
        <p key={note} className="quiet sheet-note">
          {note}
        </p>
      ))}
    </>
  );
}

function Shown({ column, row, to }: { column: Column; row: Row; to: string | null }) {
  const text = shown(column.kind, row.cells[column.key]);
  return to === null ? text : <Link href={to}>{text}</Link>;
}
