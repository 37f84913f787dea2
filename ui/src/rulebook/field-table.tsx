// The fields of a kind of matter: what is asked for, at which step, of which type.
import type { Schemas } from '../api/client';
import { useNames } from '../form/names';
import { useSpeech } from '../text/text';

type Kind = Schemas['KindView'];
type Field = Schemas['FieldView'];

export function FieldTable({ kind }: { kind: Kind }) {
  const { say, name } = useSpeech();
  const step = (field: Field) => {
    const found = kind.steps.find((one) => one.name === field.filled_at);
    return found ? name(found.title) : '';
  };
  return (
    <table className="grid">
      <thead>
        <tr>
          <th>{say('field')}</th>
          <th>{say('field_name')}</th>
          <th>{say('field_type')}</th>
          <th>{say('filled_at')}</th>
          <th>{say('is_asked')}</th>
          <th>{say('takes_what')}</th>
        </tr>
      </thead>
      <tbody>
        {kind.fields.map((field) => (
          <tr key={field.name}>
            <td className="still">
              {name(field.title)} {name(field.help) && <div className="quiet">{name(field.help)}</div>}
            </td>
            <td className="still number">{field.name}</td>
            <td className="still number">{field.type}</td>
            <td className="still">{step(field)}</td>
            <td className="still">
              {say(field.computed ? 'is_computed' : field.optional ? 'is_optional' : 'is_needed')}
            </td>
            <td className="still">
              <Takes field={field} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Takes({ field }: { field: Field }) {
  const { name } = useSpeech();
  const names = useNames();
  if (field.choices) return field.choices.map((one) => name(one.title)).join('、');
  if (field.columns) return field.columns.map((one) => name(one.title)).join('、');
  const told = field.type === 'place' ? names.placeKind : names.stock;
  return (field.of ?? []).map(told).join('、');
}
