// 打印件: a matter on A4, with the signatures that it bears.
import type { Schemas } from '../api/client';
import { isWide } from '../form/field';
import { useNames } from '../form/names';
import { useSession } from '../shell/session';
import { instant } from '../shell/time';
import { useSpeech } from '../text/text';
import { ValueOf } from './value';

interface Props {
  matter: Schemas['MatterView'];
  kind: Schemas['KindView'];
}

export function Paper({ matter, kind }: Props) {
  const { say, name } = useSpeech();
  const session = useSession();
  const names = useNames();
  const fields = kind.fields.filter((field) => matter.values[field.name] !== undefined);
  const steps = new Map(kind.steps.map((step) => [step.name, name(step.title)]));
  return (
    <div className="paper" data-testid="paper" aria-hidden="true">
      <p className="paper-bank">{name({ zh: session.bank_zh, en: session.bank_en })}</p>
      <h1>{name(matter.title)}</h1>
      <div className="paper-line">
        <span>
          {say('matter_number')}：{matter.number}
        </span>
        <span>
          {say('institution')}：{matter.institution} {names.institution(matter.institution)}
        </span>
        <span>
          {say('opened')}：{matter.opened}
        </span>
      </div>
      <table>
        <tbody>
          {fields.map((field) => (
            <tr key={field.name}>
              <th>{name(field.title)}</th>
              <td className={isWide(field) ? 'wide' : undefined}>
                <ValueOf field={field} value={matter.values[field.name]} matter={matter.id} />
              </td>
            </tr>
          ))}
          <tr>
            <th>{say('step')}</th>
            <td>{name(matter.at_title)}</td>
          </tr>
        </tbody>
      </table>
      <table>
        <thead>
          <tr>
            <th>{say('step')}</th>
            <th>{say('hand')}</th>
            <th>{say('operator')}</th>
            <th>{say('time')}</th>
            <th>{say('signature')}</th>
          </tr>
        </thead>
        <tbody>
          {matter.hands.map((hand) => (
            <tr key={hand.step + hand.operator + hand.as}>
              <td>{steps.get(hand.step) ?? hand.step}</td>
              <td>{name({ zh: hand.role_zh, en: hand.as })}</td>
              <td>
                {hand.name} {hand.operator}
              </td>
              <td>{instant(hand.at)}</td>
              <td />
            </tr>
          ))}
        </tbody>
      </table>
      <div className="paper-line">
        <span>
          {say('printed_by')}：{session.name} {session.operator}
        </span>
        <span>
          {say('business_date')}：{session.business_date}
        </span>
      </div>
    </div>
  );
}
