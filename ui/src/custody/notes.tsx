// 券别库存: pieces of each denomination by class, in bundles, and what they come to.
import { added, grouped } from '../form/amount';
import { useChoices } from '../form/names';
import { CLASSES } from '../form/notes';
import { useSpeech } from '../text/text';
import type { Schemas } from '../api/client';

type Note = Schemas['NotesView'];

export function Notes({ notes, unit }: { notes: Note[]; unit: string }) {
  const { say, name } = useSpeech();
  const { denominations } = useChoices();
  if (notes.length === 0) return <span className="quiet">{say('no_cash')}</span>;
  const classes = CLASSES.filter((one) => notes.some((note) => note.class === one));
  const rows = denominations.flatMap((one) => {
    const own = notes.filter((note) => note.denomination === one.code);
    return own.length > 0 ? [{ ...one, own }] : [];
  });
  const worth = (own: Note[]) => grouped(added(own.map((note) => note.amount)));
  const bundles = (own: Note[], perBundle: number) => {
    const count = own.reduce((sum, note) => sum + note.pieces, 0);
    if (perBundle === 0 || count < perBundle) return '';
    const [whole, rest] = [Math.floor(count / perBundle), count % perBundle];
    return say(rest === 0 ? 'bundles_whole' : 'bundles_rest', { whole, rest });
  };
  return (
    <table className="grid figures" style={{ maxWidth: 520 + 120 * classes.length }}>
      <thead>
        <tr>
          <th>{say('denomination')}</th>
          {classes.map((one) => (
            <th key={one} className="figure">
              {say(`notes_${one}`)}
            </th>
          ))}
          <th className="figure">{say('bundles')}</th>
          <th className="figure">{say('amount')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.code}>
            <td className="still">{name(row.title)}</td>
            {classes.map((one) => (
              <td key={one} className="still figure">
                {row.own.find((note) => note.class === one)?.pieces.toLocaleString()}
              </td>
            ))}
            <td className="still figure quiet">{bundles(row.own, row.per_bundle)}</td>
            <td className="still figure">{worth(row.own)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td colSpan={classes.length + 2}>{say('total')}</td>
          <td className="figure" data-testid="place-total">
            {unit} {worth(notes)}
          </td>
        </tr>
      </tfoot>
    </table>
  );
}
