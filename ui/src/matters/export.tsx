// The list as a file: all that the filters leave, not only the page that is shown.
import { DownloadOutlined } from '@ant-design/icons';
import { App, Button } from 'antd';
import { useState } from 'react';
import { Refused, answered, bank } from '../api/client';
import type { MatterQuery } from '../api/questions';
import type { Field } from '../form/field';
import { useNames } from '../form/names';
import { instant } from '../shell/time';
import { useSpeech } from '../text/text';
import { csv, download } from './csv';
import { rowsOf, type Row } from './rows';
import { sorted, type Sort } from './sorting';

/** The most that the bank tells at once, and what a spreadsheet is still handy with. */
const PAGE = 500;
const MOST = 20_000;

async function everything(asked: MatterQuery): Promise<{ rows: Row[]; isCut: boolean }> {
  const rows: Row[] = [];
  let cursor: string | null | undefined;
  do {
    const query = { ...asked, limit: PAGE, ...(cursor ? { cursor } : {}) };
    const page = await answered(bank.GET('/api/v1/matters', { params: { query } }));
    rows.push(...rowsOf(page));
    ({ cursor } = page);
  } while (cursor && rows.length < MOST);
  return { rows, isCut: Boolean(cursor) };
}

/** A value as a cell of a file: lists with commas, amounts plain so that they add up there. */
function cellOf(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (value === undefined || value === null) return '';
  return Array.isArray(value) ? value.map(cellOf).join(',') : JSON.stringify(value);
}

interface Props {
  /** Without a place in the list: it begins at the first. */
  asked: MatterQuery;
  ended: boolean;
  fields: Field[];
  sort: Sort | null;
  disabled: boolean;
}

export function Export({ asked, ended, fields, sort, disabled }: Props) {
  const { say, name, language } = useSpeech();
  const names = useNames();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const write = async () => {
    const { rows, isCut } = await everything(asked);
    const head = [
      say('matter_number'),
      say('matter'),
      say(ended ? 'result' : 'step'),
      say('institution'),
      say('opener'),
      say('opened'),
      say(ended ? 'ended_on' : 'due'),
      ...fields.map((field) => name(field.title)),
    ];
    const body = sorted(rows, sort).map(({ head: one, values }) => [
      one.number,
      name(one.title),
      name(one.at_title),
      `${one.institution} ${names.institution(one.institution)}`,
      `${one.opener} ${names.operator(one.opener)}`,
      one.opened,
      one.ended ?? (one.due ? instant(one.due) : ''),
      ...fields.map((field) => cellOf(values[field.name])),
    ]);
    download(`${say('page_matters')}.csv`, csv([head, ...body]));
    if (isCut) void message.warning(say('export_cut', { n: rows.length }));
  };
  const run = async () => {
    setBusy(true);
    try {
      await write();
    } catch (refused) {
      const problem = refused instanceof Refused ? refused.problem : null;
      void message.error(problem?.[language] ?? say('failed'));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button icon={<DownloadOutlined />} disabled={disabled} loading={busy} onClick={() => void run()}>
      {say('export_csv')}
    </Button>
  );
}
