// 券别登记: pieces by denomination, worth and bundles (把) added up while they are typed.
import { Button } from 'antd';
import { useState, type KeyboardEvent } from 'react';
import { useSpeech } from '../text/text';
import type { TextKey } from '../text/zh';
import { capital, grouped } from './amount';
import { useChoices } from './names';
import { CLASSES, noteKey, parseNotes, worth, writtenNotes, type Counts, type NoteClass } from './notes';
import type { Control } from './pickers';

const TITLES: Record<NoteClass, TextKey> = {
  fit: 'notes_fit',
  unfit: 'notes_unfit',
  mint: 'notes_mint',
  unsorted: 'notes_unsorted',
};

/** Up and down go along the column, as in a ledger. */
function walk(event: KeyboardEvent<HTMLInputElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const { column, row } = event.currentTarget.dataset;
  const table = event.currentTarget.closest('table');
  const next = table?.querySelector<HTMLInputElement>(
    `[data-column="${column ?? ''}"][data-row="${Number(row) + step}"]`,
  );
  event.preventDefault();
  next?.focus();
}

export function NoteGrid({ id, value, onChange, field }: Control<string[]>) {
  const { say, name } = useSpeech();
  const { denominations, base_unit } = useChoices();
  const counts = parseNotes(value ?? []);
  const [all, setAll] = useState(false);
  const used = CLASSES.filter(
    (one) => one === 'fit' || all || Object.keys(counts).some((key) => key.endsWith(`/${one}`)),
  );
  const faces = new Map(denominations.map((one) => [one.code, one.face]));
  // A note is named by its face. Others, as those paid at half, are rare at a counter: they show
  // when asked for, or when there are some.
  const shown = denominations.filter(
    (one) => all || one.coin || Number(one.code) === Number(one.face) || piecesOf(counts, one.code) > 0,
  );
  const put = (key: string, text: string) => {
    const count = Number(text.replace(/\D/g, ''));
    const rest = Object.fromEntries(Object.entries(counts).filter(([other]) => other !== key));
    onChange?.(writtenNotes(count > 0 ? { ...rest, [key]: count } : rest));
  };
  const total = worth(counts, faces);
  return (
    <div id={id} tabIndex={-1}>
      <table className="grid figures" style={{ maxWidth: 560 + 90 * (used.length - 1) }}>
        <thead>
          <tr>
            <th>{say('denomination')}</th>
            {used.map((one) => (
              <th key={one} className="figure">
                {say(TITLES[one])}
              </th>
            ))}
            <th className="figure">{say('bundles')}</th>
            <th className="figure">{say('amount')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((one, row) => (
            <tr key={one.code}>
              <td className="still">{name(one.title)}</td>
              {used.map((of) => (
                <td key={of} className="figure" style={{ width: 100 }}>
                  <input
                    className="cell figure"
                    inputMode="numeric"
                    aria-label={`${name(field.title)} ${name(one.title)} ${say(TITLES[of])}`}
                    data-row={row}
                    data-column={of}
                    value={counts[noteKey(one.code, of)] ?? ''}
                    onChange={(event) => put(noteKey(one.code, of), event.target.value)}
                    onKeyDown={walk}
                  />
                </td>
              ))}
              <td className="figure still quiet">{bundles(counts, one.code, one.per_bundle, say)}</td>
              <td className="figure still">{amountOf(counts, one.code, faces)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td colSpan={used.length + 1}>
              {say('total')} <span className="quiet">{capital(total)}</span>
            </td>
            <td colSpan={2} className="figure" data-testid="notes-total">
              {base_unit} {grouped(total)}
            </td>
          </tr>
        </tfoot>
      </table>
      {!all && (
        <Button type="link" size="small" onClick={() => setAll(true)}>
          {say('more_classes')}
        </Button>
      )}
    </div>
  );
}

function piecesOf(counts: Counts, denomination: string): number {
  return CLASSES.reduce((sum, one) => sum + (counts[noteKey(denomination, one)] ?? 0), 0);
}

function bundles(
  counts: Counts,
  denomination: string,
  perBundle: number,
  say: ReturnType<typeof useSpeech>['say'],
): string {
  const count = piecesOf(counts, denomination);
  if (count === 0 || perBundle === 0) return '';
  const [whole, rest] = [Math.floor(count / perBundle), count % perBundle];
  return say(rest === 0 ? 'bundles_whole' : 'bundles_rest', { whole, rest });
}

function amountOf(counts: Counts, denomination: string, faces: ReadonlyMap<string, string>): string {
  const count = piecesOf(counts, denomination);
  return count === 0 ? '' : grouped(worth({ [denomination]: count }, faces));
}
