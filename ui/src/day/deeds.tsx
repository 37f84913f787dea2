// Closing the day and opening the next one. What the phase does not ask for is not offered; what
// one's posts do not allow stays in sight, greyed.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, DatePicker, Form, Select, Tooltip } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { answered, bank } from '../api/client';
import { useChoices } from '../form/names';
import { Deed } from '../shell/deed';
import { DAY, TYPED } from '../shell/period';
import { may, useSession } from '../shell/session';
import { useSpeech } from '../text/text';
import { dayQuestions, type Day } from './questions';

export function DayDeeds({ day }: { day: Day }) {
  const { say } = useSpeech();
  const session = useSession();
  const [dialog, setDialog] = useState<'open' | 'close' | null>(null);
  const { data: close } = useQuery(dayQuestions.close);
  const may_run = may(session, 'day.run');
  const opens = day.phase === 'closed';
  const title = opens
    ? say('open_day_n', { day: day.next_business_day })
    : say(day.phase === 'closing' ? 'go_on_closing' : 'close_day');
  return (
    <>
      <Tooltip title={may_run ? undefined : say('no_right')}>
        <span title={may_run ? undefined : say('no_right')}>
          <Button
            type="primary"
            disabled={!may_run || close?.running === true}
            onClick={() => setDialog(opens ? 'open' : 'close')}
          >
            {title}
          </Button>
        </span>
      </Tooltip>
      {dialog === 'close' && <CloseDay day={day} close={() => setDialog(null)} />}
      {dialog === 'open' && <OpenDay day={day} close={() => setDialog(null)} />}
    </>
  );
}

interface DialogProps {
  day: Day;
  close: () => void;
}

function CloseDay({ day, close }: DialogProps) {
  const { say } = useSpeech();
  const { operators } = useChoices();
  const queries = useQueryClient();
  const open = day.institutions.filter((one) => !one.closed).length;
  const send = async ({ accept }: { accept?: string }) => {
    const body = { accept: accept ?? null };
    const begun = await answered(bank.POST('/api/v1/day/close', { body }));
    queries.setQueryData(dayQuestions.close.queryKey, begun);
    void queries.invalidateQueries({ queryKey: ['day'] });
  };
  return (
    <Deed
      title={`${say('close_day')} · ${day.business_date}`}
      about={
        <>
          <p style={{ marginTop: 0 }}>{say('close_day_about', { day: day.business_date })}</p>
          {open > 0 && (
            <Alert type="warning" showIcon title={say('close_day_open_ones', { n: open })} />
          )}
        </>
      }
      ok={say('close_day')}
      danger
      send={send}
      close={close}
    >
      <Form.Item name="accept" label={say('accept_zero')}>
        <Select
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          options={operators.map((one) => ({
            value: one.operator,
            label: `${one.name} ${one.operator}`,
          }))}
        />
      </Form.Item>
    </Deed>
  );
}

function OpenDay({ day, close }: DialogProps) {
  const { say } = useSpeech();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const send = async ({ day: chosen }: { day?: Dayjs | null }) => {
    const body = { day: chosen ? chosen.format(DAY) : null };
    const opened = await answered(bank.POST('/api/v1/day/open', { body }));
    void message.success(say('day_opened', { day: opened.business_date }));
    void queries.invalidateQueries({ queryKey: ['session'] });
    await queries.invalidateQueries({ queryKey: ['day'] });
  };
  return (
    <Deed
      title={say('open_day')}
      about={say('open_day_about')}
      ok={say('open_day')}
      initial={{ day: dayjs(day.next_business_day) }}
      send={send}
      close={close}
    >
      <Form.Item name="day" label={say('business_date')}>
        <DatePicker format={TYPED} style={{ width: '100%' }} />
      </Form.Item>
    </Deed>
  );
}
