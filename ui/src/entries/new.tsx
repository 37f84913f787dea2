// 凭证录入: a grid for fast hands. Enter and Tab go on, the last Enter adds a line; `=` takes the amount
// that is missing; the voucher is sent when both sides are equal.
import { App, Button, DatePicker, Form, Input, Select, type FormInstance } from 'antd';
import dayjs from 'dayjs';
import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { flushSync } from 'react-dom';
import { useLocation } from 'wouter';
import { Keys, Refused, answered, bank, type Schemas } from '../api/client';
import { enterGoesOn } from '../form/enter';
import { capital, fromMinor, grouped, parseAmount } from '../form/amount';
import { kept } from '../form/kept';
import { operatorOptions, useChoices } from '../form/names';
import { PageHead, Refusal } from '../shell/parts';
import { useSession } from '../shell/session';
import { useShortcuts } from '../shell/shortcuts';
import { useSpeech } from '../text/text';
import {
  EMPTY,
  balanced,
  isBlank,
  missing,
  totals,
  wrong,
  type Line,
  type Totals,
  type UnitOf,
} from './balance';
import { VoucherLine } from './line-row';
import { useUnits } from './units';

interface Head {
  institution: string;
  code?: string;
  checker?: string;
  authoriser?: string;
  document?: string;
  attachments?: string;
  summary?: string;
  value_date?: string;
}

const COLUMNS = 3;

/** Whose amounts are written in capitals. */
const RENMINBI = 'CNY';

function bodyOf(head: Head, lines: readonly Line[], unitOf: UnitOf): Schemas['EntryBody'] {
  const { attachments, ...rest } = head;
  const text = Object.fromEntries(
    Object.entries(rest as Record<string, string | undefined>).filter(([, value]) => value),
  );
  return {
    ...text,
    institution: head.institution,
    attachments: Number(attachments) || 0,
    lines: lines
      .filter((line) => !isBlank(line))
      .map((line) => {
        const typed = line.debit || line.credit;
        return {
          account: line.account,
          side: line.debit.trim() === '' ? 'credit' : 'debit',
          amount: parseAmount(typed, unitOf(line.account).digits) ?? typed,
          red: line.red,
        };
      }),
  };
}

function focus(at: number, column: number): void {
  document.querySelector<HTMLInputElement>(`[data-cell="${at}-${column}"]`)?.focus();
}

/** The lines of a voucher that is typed, kept in the browser until it was posted. */
function useLines(keptAs: string) {
  const [lines, setLines] = useState<Line[]>(() => {
    const found = kept.read(keptAs)?.lines;
    return Array.isArray(found) ? (found as Line[]) : [EMPTY, EMPTY];
  });
  useEffect(() => {
    if (lines.some((line) => !isBlank(line))) kept.write(keptAs, { lines });
  }, [keptAs, lines]);
  const unitOf = useUnits(lines);
  const change = useCallback((at: number, part: Partial<Line>) => {
    setLines((all) => all.map((line, index) => (index === at ? { ...line, ...part } : line)));
  }, []);
  const remove = useCallback((at: number) => {
    setLines((all) => (all.length > 1 ? all.filter((_, index) => index !== at) : [EMPTY]));
  }, []);
  /** Goes on from a cell; adds a line behind the last. */
  const walk = useCallback((event: KeyboardEvent<HTMLInputElement>, at: number, column: number) => {
    if (event.nativeEvent.isComposing || event.ctrlKey) return;
    const rows = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (rows !== 0) {
      event.preventDefault();
      focus(at + rows, column);
      return;
    }
    if (event.key === '=' && column > 0) {
      event.preventDefault();
      setLines((all) => balanced(all, at, unitOf));
      return;
    }
    if (event.key !== 'Enter') return;
    event.preventDefault();
    event.stopPropagation();
    // An amount that stands on the debit leaves no room for one on the credit.
    const filled = column === 1 && event.currentTarget.value.trim() !== '';
    const next = filled ? COLUMNS : column + 1;
    if (next < COLUMNS) {
      focus(at, next);
      return;
    }
    // At once: the next key is on its way already, and belongs into the new line.
    flushSync(() => setLines((all) => (at === all.length - 1 ? [...all, EMPTY] : all)));
    focus(at + 1, 0);
  }, [unitOf]);
  return { lines, setLines, unitOf, change, remove, walk };
}

export default function NewEntry() {
  const { say, language } = useSpeech();
  const session = useSession();
  const { message } = App.useApp();
  const [, go] = useLocation();
  const [form] = Form.useForm<Head>();
  const keptAs = `${session.operator}.entry`;
  const { lines, setLines, unitOf, change, remove, walk } = useLines(keptAs);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [lineError, setLineError] = useState<{ at: number; text: string } | null>(null);
  const keys = useRef(new Keys());
  const sums = totals(lines, unitOf);
  const balances = missing(sums).length === 0;
  const some = lines.some((line) => !isBlank(line));
  const sound = lines.every((line) => wrong(line, unitOf(line.account).digits) === null);
  const ready = some && balances && sound;

  const refused = (reason: unknown) => {
    const field = reason instanceof Refused ? reason.problem.field : '';
    const row = /^lines\[(\d+)\]/.exec(field)?.[1];
    if (reason instanceof Refused && row !== undefined) {
      const filled = lines.map((line, at) => ({ line, at })).filter(({ line }) => !isBlank(line));
      setLineError({ at: filled[Number(row)]?.at ?? 0, text: reason.problem[language] });
    } else if (reason instanceof Refused && form.getFieldInstance(field)) {
      form.setFields([{ name: field as keyof Head, errors: [reason.problem[language]] }]);
    } else {
      setError(reason);
    }
  };

  const post = async () => {
    if (busy || !ready) return;
    const head = await form.validateFields();
    const body = bodyOf(head, lines, unitOf);
    setBusy(true);
    setError(null);
    setLineError(null);
    try {
      const header = { 'Idempotency-Key': keys.current.for(body) };
      const posted = await answered(bank.POST('/api/v1/entries', { body, params: { header } }));
      keys.current.taken();
      kept.forget(keptAs);
      setLines([EMPTY, EMPTY]);
      form.resetFields(['document', 'attachments', 'summary']);
      void message.success(say('posted', { n: posted.entry }));
      go(`/entries/${posted.entry}`);
    } catch (reason) {
      refused(reason);
    } finally {
      setBusy(false);
    }
  };
  useShortcuts({ 'Ctrl+Enter': () => void post() });

  return (
    <>
      <PageHead title={say('page_voucher_entry')}>
        <span className="quiet">{say('voucher_hint')}</span>
      </PageHead>
      <Refusal error={error} />
      <div className="panel">
        <HeadForm form={form} institution={session.institution} />
      </div>
      <div className="panel">
        <table className="grid figures">
          <thead>
            <tr>
              <th style={{ width: 32 }}>{say('row')}</th>
              <th>{say('account')}</th>
              <th>{say('account_name')}</th>
              <th className="figure">{say('debit_amount')}</th>
              <th className="figure">{say('credit_amount')}</th>
              <th>{say('red')}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {lines.map((line, at) => (
              <VoucherLine
                key={at}
                at={at}
                line={line}
                digits={unitOf(line.account).digits}
                refused={lineError?.at === at ? lineError.text : null}
                change={change}
                remove={remove}
                walk={walk}
              />
            ))}
          </tbody>
          <tfoot>
            {sums.map((sum, at) => (
              <tr key={sum.code}>
                <td colSpan={3}>
                  {at === 0 && (
                    <Button size="small" onClick={() => setLines([...lines, EMPTY])}>
                      {say('add_row')}
                    </Button>
                  )}{' '}
                  <span className="quiet">
                    {sums.length > 1 && sum.code}{' '}
                    {sum.code === RENMINBI && capital(fromMinor(sum.debit, sum.digits))}
                  </span>
                </td>
                <td className="figure" data-testid="debit-total">
                  {grouped(fromMinor(sum.debit, sum.digits))}
                </td>
                <td className="figure" data-testid="credit-total">
                  {grouped(fromMinor(sum.credit, sum.digits))}
                </td>
                <td colSpan={2} />
              </tr>
            ))}
          </tfoot>
        </table>
      </div>
      <PostBar ready={ready} busy={busy} sums={sums} post={() => void post()} />
    </>
  );
}

interface PostBarProps {
  ready: boolean;
  busy: boolean;
  sums: readonly Totals[];
  post: () => void;
}

function PostBar({ ready, busy, sums, post }: PostBarProps) {
  const { say } = useSpeech();
  const short = missing(sums).map(({ code, digits, side, parts }) => {
    const amount = grouped(fromMinor(parts, digits));
    return say(side === 'debit' ? 'debit_short' : 'credit_short', {
      amount: sums.length > 1 ? `${code} ${amount}` : amount,
    });
  });
  return (
    <div className="bar">
      <Button type="primary" disabled={!ready} loading={busy} onClick={post}>
        {say('post')}
      </Button>
      <span className={short.length > 0 ? 'word soon' : 'word done'} role="status">
        {short.length > 0 ? short.join(' · ') : say('balances')}
      </span>
      <span className="quiet">
        <kbd>Ctrl Enter</kbd> {say('post')}
      </span>
    </div>
  );
}

interface HeadFormProps {
  form: FormInstance<Head>;
  institution: string;
}

function HeadForm({ form, institution }: HeadFormProps) {
  const { say, name } = useSpeech();
  const { institutions, operators } = useChoices();
  const needed = [{ required: true, message: say('is_needed') }];
  const people = operatorOptions(operators);
  const search = { optionFilterProp: 'label' };
  return (
    <Form form={form} layout="vertical" initialValues={{ institution }} onKeyDown={enterGoesOn}>
      <div className="form-grid" style={{ gridTemplateColumns: 'repeat(4, minmax(0, 1fr))' }}>
        <Form.Item name="institution" label={say('institution')} rules={needed}>
          <Select
            showSearch={search}
            options={institutions.map((one) => ({
              value: one.code,
              label: `${one.code} ${name(one.title)}`,
            }))}
          />
        </Form.Item>
        <Form.Item name="checker" label={say('checker')}>
          <Select allowClear showSearch={search} options={people} />
        </Form.Item>
        <Form.Item name="authoriser" label={say('authoriser')}>
          <Select allowClear showSearch={search} options={people} />
        </Form.Item>
        <Form.Item
          name="value_date"
          label={say('value_date')}
          getValueProps={(value: string | undefined) => ({ value: value ? dayjs(value) : null })}
          normalize={(value: dayjs.Dayjs | null) => value?.format('YYYY-MM-DD')}
        >
          <DatePicker style={{ width: '100%' }} />
        </Form.Item>
        <Form.Item name="code" label={say('transaction_code')}>
          <Input />
        </Form.Item>
        <Form.Item name="document" label={say('document')}>
          <Input />
        </Form.Item>
        <Form.Item name="attachments" label={say('attachments')}>
          <Input inputMode="numeric" className="figure" />
        </Form.Item>
        <Form.Item name="summary" label={say('summary')}>
          <Input />
        </Form.Item>
      </div>
    </Form>
  );
}
