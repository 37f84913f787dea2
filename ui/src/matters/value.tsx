// A value of a matter as it is read: codes with their names, amounts grouped, ranges counted.
import { Button, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { guarded } from '../api/client';
import { capital, grouped } from '../form/amount';
import { size, type Attached } from '../form/attachments';
import type { Field, Values } from '../form/field';
import { useChoices, useNames, type Names } from '../form/names';
import { parseNotes, worth } from '../form/notes';
import { parseRange, pieces } from '../form/serial';
import { useSpeech, type Speech } from '../text/text';

interface Props {
  field: Field;
  value: unknown;
  matter: number;
  /** In a table: the amount without its words. */
  brief?: boolean;
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

function codeText(field: Field, code: string, names: Names, { name }: Speech): string {
  switch (field.type) {
    case 'enum': {
      const choice = field.choices?.find((one) => one.code === code);
      return choice ? name(choice.title) : code;
    }
    case 'institution':
      return `${code} ${names.institution(code)}`;
    case 'operator':
      return `${names.operator(code)} ${code}`;
    case 'place':
      return names.place(code);
    case 'post':
      return names.post(code);
    case 'stock':
      return names.stock(code);
    case 'account_kind':
      return names.accountKind(code);
    default:
      return code;
  }
}

export function ValueOf({ field, value, matter, brief }: Props): ReactNode {
  const speech = useSpeech();
  const names = useNames();
  switch (field.type) {
    case 'money':
      return <Money field={field} amount={String(value)} brief={brief ?? false} />;
    case 'note_counts':
      return <Notes list={listOf(value)} />;
    case 'serials':
      return <Ranges list={listOf(value)} />;
    case 'operators':
      return listOf(value)
        .map((one) => `${names.operator(one)} ${one}`)
        .join('、');
    case 'rows':
      return <Rows field={field} rows={value as Values[]} matter={matter} />;
    case 'attachment':
      return (value as Attached[]).map((file) => (
        <File key={file.sha256} file={file} matter={matter} />
      ));
    default:
      return codeText(field, String(value), names, speech);
  }
}

function Money({ field, amount, brief }: { field: Field; amount: string; brief: boolean }) {
  if (brief) return <span className="number">{grouped(amount)}</span>;
  return (
    <span className="number">
      {field.unit} {grouped(amount)}{' '}
      {field.unit === 'CNY' && <span className="quiet">{capital(amount)}</span>}
    </span>
  );
}

function Notes({ list }: { list: string[] }) {
  const { say, name } = useSpeech();
  const { denominations } = useChoices();
  const counts = parseNotes(list);
  const faces = new Map(denominations.map((one) => [one.code, one.face]));
  const rows = denominations.flatMap((one) =>
    Object.entries(counts)
      .filter(([key]) => key.split('/')[0] === one.code)
      .map(([key, count]) => ({ key, title: name(one.title), of: key.split('/')[1], count })),
  );
  const total = worth(counts, faces);
  return (
    <table className="grid figures" style={{ maxWidth: 420 }}>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <td className="still">
              {row.title}
              {row.of && ` ${say(`notes_${row.of}` as 'notes_unfit')}`}
            </td>
            <td className="figure still">{say('notes_n', { n: row.count.toLocaleString() })}</td>
            <td className="figure still">{grouped(worth({ [row.key]: row.count }, faces))}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td colSpan={2}>{say('total')}</td>
          <td className="figure">{grouped(total)}</td>
        </tr>
      </tfoot>
    </table>
  );
}

function Ranges({ list }: { list: string[] }) {
  const { say } = useSpeech();
  const names = useNames();
  return list.map((text) => {
    const read = parseRange(text);
    const kind = text.split(':')[0] ?? '';
    return (
      <div key={text} className="number">
        {names.stock(kind)} {text.slice(kind.length + 1)}{' '}
        {read && (
          <span className="quiet">{say('pieces_n', { n: pieces(read).toLocaleString() })}</span>
        )}
      </div>
    );
  });
}

function Rows({ field, rows, matter }: { field: Field; rows: Values[]; matter: number }) {
  const { name } = useSpeech();
  const columns = field.columns ?? [];
  return (
    <table className="grid figures">
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.name}>{name(column.title)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => (
          <tr key={at}>
            {columns.map((column) => (
              <td key={column.name} className="still">
                {row[column.name] !== undefined && (
                  <ValueOf field={column} value={row[column.name]} matter={matter} />
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const PICTURES = /\.(png|jpe?g)$/i;
const TEXTS = /\.(txt|csv|md|toml|xml)$/i;

/** Bytes as an address that the page may show: pictures and text only, never a page of its own. */
async function preview(file: Attached, address: string): Promise<{ picture?: string; text?: string }> {
  const response = await guarded(new Request(new URL(address, location.href)));
  const bytes = await response.blob();
  if (TEXTS.test(file.name)) return { text: await bytes.text() };
  const type = /\.png$/i.test(file.name) ? 'image/png' : 'image/jpeg';
  return new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done({ picture: typeof reader.result === 'string' ? reader.result : '' });
    reader.readAsDataURL(new Blob([bytes], { type }));
  });
}

function File({ file, matter }: { file: Attached; matter: number }) {
  const { say } = useSpeech();
  const [seen, setSeen] = useState<{ picture?: string; text?: string } | null>(null);
  const address = `/api/v1/matters/${matter}/attachments/${file.sha256}`;
  const shows = PICTURES.test(file.name) || TEXTS.test(file.name);
  return (
    <div className="bar">
      <a href={address}>{file.name}</a>
      <span className="quiet">{size(file.bytes)}</span>
      {shows && (
        <Button
          size="small"
          type="link"
          onClick={() => void preview(file, address).then(setSeen)}
        >
          {say('preview')}
        </Button>
      )}
      <Modal open={seen !== null} onCancel={() => setSeen(null)} footer={null} width={900} title={file.name}>
        {seen?.picture && <img src={seen.picture} alt={file.name} style={{ maxWidth: '100%' }} />}
        {seen?.text !== undefined && <pre style={{ whiteSpace: 'pre-wrap' }}>{seen.text}</pre>}
      </Modal>
    </div>
  );
}
