// One line of a voucher that is typed: account, debit or credit, red. Drawn anew only when it changes,
// so fifty of them take a key as fast as one.
import { DeleteOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { memo, useDeferredValue, type KeyboardEvent } from 'react';
import { questions } from '../api/questions';
import { grouped, parseAmount } from '../form/amount';
import { may, useSession } from '../shell/session';
import { useSpeech } from '../text/text';
import { wrong, type Line } from './balance';
import { NUMBER_LENGTH } from './units';

interface Props {
  at: number;
  line: Line;
  /** Decimals of the account's unit. */
  digits: number;
  refused: string | null;
  change: (at: number, part: Partial<Line>) => void;
  remove: (at: number) => void;
  walk: (event: KeyboardEvent<HTMLInputElement>, at: number, column: number) => void;
}

function LineRow({ at, line, digits, refused, change, remove, walk }: Props) {
  const { say } = useSpeech();
  const fault = wrong(line, digits);
  const settle = (side: 'debit' | 'credit') => {
    const plain = parseAmount(line[side], digits);
    if (plain !== null) change(at, { [side]: grouped(plain) });
  };
  const amount = (side: 'debit' | 'credit', column: number) => (
    <td style={{ width: 170 }}>
      <input
        className={fault === 'amount' || fault === 'both' ? 'cell figure wrong' : 'cell figure'}
        style={line.red ? { color: 'var(--late)' } : undefined}
        inputMode="decimal"
        aria-label={`${say(side === 'debit' ? 'debit_amount' : 'credit_amount')} ${at + 1}`}
        data-cell={`${at}-${column}`}
        value={line[side]}
        onChange={(event) => change(at, { [side]: event.target.value })}
        onBlur={() => settle(side)}
        onKeyDown={(event) => walk(event, at, column)}
      />
    </td>
  );
  return (
    <>
      <tr>
        <td className="still quiet">{at + 1}</td>
        <td style={{ width: 230 }}>
          <input
            className={fault === 'account' ? 'cell wrong' : 'cell'}
            aria-label={`${say('account')} ${at + 1}`}
            data-cell={`${at}-0`}
            value={line.account}
            onChange={(event) => change(at, { account: event.target.value.trim() })}
            onKeyDown={(event) => walk(event, at, 0)}
          />
        </td>
        <td className="still">
          <Holder number={line.account} />
        </td>
        {amount('debit', 1)}
        {amount('credit', 2)}
        <td className="still" style={{ width: 44, textAlign: 'center' }}>
          <input
            type="checkbox"
            aria-label={`${say('red')} ${at + 1}`}
            checked={line.red}
            onChange={(event) => change(at, { red: event.target.checked })}
          />
        </td>
        <td style={{ width: 36 }}>
          <Button
            type="text"
            tabIndex={-1}
            icon={<DeleteOutlined />}
            aria-label={`${say('remove_row')} ${at + 1}`}
            onClick={() => remove(at)}
          />
        </td>
      </tr>
      {refused !== null && (
        <tr>
          <td />
          <td colSpan={6} role="alert" style={{ color: 'var(--late)', padding: '2px 6px 8px' }}>
            {refused}
          </td>
        </tr>
      )}
    </>
  );
}

/** Whose account it is and what stands on it, once the number is whole. */
function Holder({ number }: { number: string }) {
  const { say } = useSpeech();
  const session = useSession();
  const asked = useDeferredValue(number);
  const { data, error } = useQuery({
    ...questions.account(asked),
    enabled: asked.length >= NUMBER_LENGTH && may(session, 'accounts.read'),
  });
  if (!data) return error ? <span className="quiet">{say('no_such_account')}</span> : null;
  return (
    <>
      {data.name}{' '}
      <span className="quiet number">
        {say('balance')} {data.unit} {grouped(data.balance)}{' '}
        {say(data.side === 'debit' ? 'debit' : 'credit')}
      </span>
    </>
  );
}

export const VoucherLine = memo(LineRow);
