// 凭证碰库: each range of the books is ticked once it was seen; what is otherwise is typed.
import { Checkbox } from 'antd';
import type { Schemas } from '../api/client';
import { useNames } from '../form/names';
import { parseRange, pieces, serial } from '../form/serial';
import { SerialRanges } from '../form/serial-ranges';
import { useSpeech } from '../text/text';
import { numbersApart } from './count';

interface Props {
  field: Schemas['FieldView'];
  book: string[];
  seen: string[];
  typed: string[];
  tick: (seen: string[]) => void;
  type: (typed: string[]) => void;
}

export function NumberTicks({ field, book, seen, typed, tick, type }: Props) {
  const { say } = useSpeech();
  const apart = numbersApart(book, [...seen, ...typed]);
  return (
    <>
      {book.length === 0 && <p className="quiet">{say('no_numbers_booked')}</p>}
      {book.length > 0 && <Booked book={book} seen={seen} tick={tick} />}
      <details open={typed.length > 0} style={{ marginTop: 8 }}>
        <summary>{say('numbers_otherwise')}</summary>
        <SerialRanges field={field} value={typed} onChange={(next) => type(next ?? [])} />
      </details>
      {(apart.missing.length > 0 || apart.extra.length > 0) && (
        <div style={{ marginTop: 8 }} data-testid="numbers-apart">
          <Apart title={say('not_seen')} ranges={apart.missing} look="word soon" />
          <Apart title={say('too_many')} ranges={apart.extra} look="word late" />
        </div>
      )}
    </>
  );
}

function Booked({ book, seen, tick }: Pick<Props, 'book' | 'seen' | 'tick'>) {
  const { say } = useSpeech();
  const names = useNames();
  return (
    <table className="grid figures" style={{ maxWidth: 640 }}>
      <thead>
        <tr>
          <th>{say('seen')}</th>
          <th>{say('stock_kind')}</th>
          <th>{say('serial_first')}</th>
          <th>{say('serial_last')}</th>
          <th className="figure">{say('pieces')}</th>
        </tr>
      </thead>
      <tbody>
        {book.map((text) => {
          const range = parseRange(text);
          if (!range) return null;
          const first = serial(range.prefix, range.from);
          return (
            <tr key={text}>
              <td className="still">
                <Checkbox
                  aria-label={`${say('seen')} ${names.stock(range.kind)} ${first}`}
                  checked={seen.includes(text)}
                  onChange={({ target }) =>
                    tick(target.checked ? [...seen, text] : seen.filter((one) => one !== text))
                  }
                />
              </td>
              <td className="still">{names.stock(range.kind)}</td>
              <td className="still">{first}</td>
              <td className="still">{serial(range.prefix, range.to)}</td>
              <td className="still figure">{pieces(range).toLocaleString()}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Apart({ title, ranges, look }: { title: string; ranges: string[]; look: string }) {
  const names = useNames();
  if (ranges.length === 0) return null;
  const told = ranges.map((text) => {
    const [kind = '', numbers = ''] = text.split(':');
    return `${names.stock(kind)} ${numbers}`;
  });
  return (
    <div>
      <span className={look}>{title}</span> <span className="number">{told.join('、')}</span>
    </div>
  );
}
