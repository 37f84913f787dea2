// Which institutions still work, and stopping one, stopping all, letting one go on.
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox, Form, Input, Table } from 'antd';
import { useState } from 'react';
import { answered, bank, type Schemas } from '../api/client';
import { Deed } from '../shell/deed';
import { may, useSession } from '../shell/session';
import { useSpeech } from '../text/text';
import type { Day } from './questions';

type Institution = Schemas['InstitutionDay'];

type Chosen = { deed: 'stop' | 'reopen'; of: Institution } | { deed: 'stop_all' };

export function Institutions({ day }: { day: Day }) {
  const { say, name } = useSpeech();
  const session = useSession();
  const [wanted, setWanted] = useState('');
  const [only, setOnly] = useState(false);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  // Institutions stop and go on while the day is open; afterwards the close has the word.
  const may_run = may(session, 'day.run') && day.phase === 'open';
  const open = day.institutions.filter((one) => !one.closed).length;
  const shown = day.institutions.filter(
    (one) =>
      (!only || !one.closed) &&
      `${one.code} ${name(one)}`.toLowerCase().includes(wanted.toLowerCase()),
  );
  return (
    <section className="panel" aria-label={say('institution')}>
      <div className="filters">
        <Input
          allowClear
          style={{ width: 200 }}
          aria-label={say('find_institution')}
          placeholder={say('find_institution')}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
        <Checkbox checked={only} onChange={(event) => setOnly(event.target.checked)}>
          {say('only_open')}
        </Checkbox>
        <span className="spring" />
        <Button disabled={!may_run || open === 0} onClick={() => setChosen({ deed: 'stop_all' })}>
          {say('stop_all')}
        </Button>
      </div>
      <Table
        size="small"
        rowKey="code"
        dataSource={shown}
        pagination={{ pageSize: 15, hideOnSinglePage: true, showSizeChanger: false }}
        locale={{ emptyText: say('nothing_found') }}
        columns={[
          { title: say('code'), dataIndex: 'code', width: 70, className: 'number' },
          { title: say('institution'), render: (_, one) => name(one), ellipsis: true },
          { title: say('status'), width: 90, render: (_, one) => <Standing closed={one.closed} /> },
          {
            title: say('actions'),
            width: 110,
            render: (_, one) => (
              <Button
                size="small"
                disabled={!may_run}
                aria-label={`${say(one.closed ? 'reopen' : 'stop')} ${one.code}`}
                onClick={() => setChosen({ deed: one.closed ? 'reopen' : 'stop', of: one })}
              >
                {say(one.closed ? 'reopen' : 'stop')}
              </Button>
            ),
          },
        ]}
      />
      {chosen && <Asked chosen={chosen} open={open} close={() => setChosen(null)} />}
    </section>
  );
}

function Standing({ closed }: { closed: boolean }) {
  const { say } = useSpeech();
  return (
    <span className={closed ? 'word off' : 'word done'}>{say(closed ? 'has_stopped' : 'works')}</span>
  );
}

interface AskedProps {
  chosen: Chosen;
  open: number;
  close: () => void;
}

function Asked({ chosen, open, close }: AskedProps) {
  const { say, name } = useSpeech();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const title = chosen.deed === 'stop_all' ? '' : `${chosen.of.code} ${name(chosen.of)}`;
  const send = async ({ reason }: { reason?: string }) => {
    if (chosen.deed === 'stop_all') {
      await answered(bank.POST('/api/v1/day/close-institutions'));
      void message.success(say('all_stopped'));
    } else {
      const params = { path: { code: chosen.of.code } };
      if (chosen.deed === 'stop') {
        await answered(bank.POST('/api/v1/institutions/{code}/close', { params }));
      } else {
        const body = { reason: reason ?? '' };
        await answered(bank.POST('/api/v1/institutions/{code}/reopen', { params, body }));
      }
      const done = chosen.deed === 'stop' ? 'stopped_done' : 'reopened_done';
      void message.success(say(done, { name: title }));
    }
    await queries.invalidateQueries({ queryKey: ['day'] });
  };
  if (chosen.deed === 'reopen') {
    return (
      <Deed
        title={say('reopen')}
        about={say('reopen_about', { name: title })}
        ok={say('reopen')}
        send={send}
        close={close}
      >
        <Form.Item
          name="reason"
          label={say('reason')}
          rules={[{ required: true, message: say('is_needed') }]}
        >
          <Input autoFocus />
        </Form.Item>
      </Deed>
    );
  }
  const all = chosen.deed === 'stop_all';
  return (
    <Deed
      title={say(all ? 'stop_all' : 'stop')}
      about={all ? say('stop_all_about', { n: open }) : say('stop_about', { name: title })}
      ok={say(all ? 'stop_all' : 'stop')}
      danger
      send={send}
      close={close}
    />
  );
}
