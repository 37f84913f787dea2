// 券别碰库: what the books say, what was counted and what is between them, note by note. Who counts
// first and compares afterwards leaves the books covered until then.
import { Button } from 'antd';
import { useState, type KeyboardEvent } from 'react';
import { grouped } from '../form/amount';
import { useChoices } from '../form/names';
import { CLASSES, noteKey, worth, type Counts, type NoteClass } from '../form/notes';
import { useSpeech } from '../text/text';
import { Between } from './between';

interface Props {
  book: Counts;
  counted: Counts;
  change: (counted: Counts) => void;
  /** The books stay covered. */
  covered: boolean;
}

/** Up and down go along the column, Enter to the next line. */
function walk(event: KeyboardEvent<HTMLInputElement>): void {
  const keys: Record<string, number> = { ArrowDown: 1, Enter: 1, ArrowUp: -1 };
  const step = event.ctrlKey || event.nativeEvent.isComposing ? undefined : keys[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const all = [...(event.currentTarget.closest('table')?.querySelectorAll('input') ?? [])];
  all[all.indexOf(event.currentTarget) + step]?.focus();
}

export function CashGrid({ book, counted, change, covered }: Props) {
  const { say, name } = useSpeech();
  const { denominations, base_unit } = useChoices();
  const [all, setAll] = useState(false);
  const faces = new Map(denominations.map((one) => [one.code, one.face]));
  const has = (code: string, of: NoteClass) => {
    const key = noteKey(code, of);
    return (book[key] ?? 0) > 0 || key in counted;
  };
  const rows = denominations.flatMap((one) => {
    const usual = one.coin || Number(one.code) === Number(one.face);
    const shown = CLASSES.filter((of) => has(one.code, of) || all || (usual && of === 'fit'));
    return shown.map((of) => ({ ...one, of, key: noteKey(one.code, of) }));
  });
  const put = (key: string, text: string) => {
    const digits = text.replace(/\D/g, '');
    const rest = Object.fromEntries(Object.entries(counted).filter(([other]) => other !== key));
    change(digits === '' ? rest : { ...rest, [key]: Number(digits) });
  };
  const difference = (key: string) => (counted[key] ?? 0) - (book[key] ?? 0);
  const sum = worth(counted, faces);
  return (
    <>
      <table className="grid figures square-grid">
        <thead>
          <tr>
            <th>{say('denomination')}</th>
            {!covered && <th className="figure">{say('by_books')}</th>}
            <th className="figure">{say('counted')}</th>
            {!covered && <th className="figure">{say('between')}</th>}
            <th className="figure">{say('amount_counted')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <td className="still">
                {name(row.title)}
                {row.of !== 'fit' && <span className="word off">{say(`class_${row.of}`)}</span>}
              </td>
              {!covered && (
                <td className="still figure">{(book[row.key] ?? 0).toLocaleString()}</td>
              )}
              <td style={{ width: 120 }}>
                <input
                  className="cell figure"
                  inputMode="numeric"
                  aria-label={`${say('counted')} ${name(row.title)} ${say(`class_${row.of}`)}`}
                  value={counted[row.key] ?? ''}
                  onChange={(event) => put(row.key, event.target.value)}
                  onKeyDown={walk}
                />
              </td>
              {!covered && (
                <td className="still figure">
                  <Between pieces={difference(row.key)} counted={row.key in counted} />
                </td>
              )}
              <td className="still figure">
                {(counted[row.key] ?? 0) > 0 &&
                  grouped(worth({ [row.key]: counted[row.key] ?? 0 }, faces))}
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td>
              {say('total')} {base_unit}
            </td>
            {!covered && <td className="figure">{grouped(worth(book, faces))}</td>}
            <td className="figure" colSpan={covered ? 2 : 3} data-testid="counted-total">
              {grouped(sum)}
            </td>
          </tr>
        </tfoot>
      </table>
      {!all && (
        <Button type="link" size="small" onClick={() => setAll(true)}>
          {say('more_classes')}
        </Button>
      )}
    </>
  );
}
