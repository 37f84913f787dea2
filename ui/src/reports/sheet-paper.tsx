// A report on paper: its title, its captions, every row.
import { useSession } from '../shell/session';
import { useSpeech } from '../text/text';
import { shown, type Sheet } from './sheet';

/** More columns than these need the paper across. */
const UPRIGHT = 6;

export function SheetPaper({ sheet }: { sheet: Sheet }) {
  const { name } = useSpeech();
  const session = useSession();
  return (
    <div
      className={sheet.columns.length > UPRIGHT ? 'paper sheet-across' : 'paper'}
      data-testid="sheet-paper"
    >
      <p className="paper-bank">{name({ zh: session.bank_zh, en: session.bank_en })}</p>
      <h1>{name(sheet.title)}</h1>
      <div className="paper-line">
        {sheet.captions.map(({ label, value }) => (
          <span key={label}>
            {label}：{value}
          </span>
        ))}
      </div>
      <table>
        <thead>
          <tr>
            {sheet.columns.map((column) => (
              <td key={column.key} style={{ textAlign: column.align }}>
                {name(column.title)}
              </td>
            ))}
          </tr>
        </thead>
        <tbody>
          {sheet.rows.map((row) => (
            <tr key={row.at}>
              {sheet.columns.map((column) => (
                <td key={column.key} style={{ textAlign: column.align }}>
                  {shown(column.kind, row.cells[column.key])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {sheet.notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </div>
  );
}
