// 双人签到: whoever signs with the clerk does so at the same window, for this one step.
import { UserAddOutlined } from '@ant-design/icons';
import { Button, Modal, Tag } from 'antd';
import { useState } from 'react';
import { answered, bank, type Schemas } from '../api/client';
import { useNames } from '../form/names';
import SignInForm, { type Proof } from '../shell/sign-in-form';
import { useSpeech } from '../text/text';

export type Ticket = Schemas['TicketView'];

interface Props {
  /** The matter whose step is signed, or the kind of one that is about to be opened. */
  of: { matter: number } | { kind: string };
  tickets: Ticket[];
  change: (tickets: Ticket[]) => void;
}

export function SecondPersons({ of, tickets, change }: Props) {
  const { say } = useSpeech();
  const names = useNames();
  const [open, setOpen] = useState(false);
  const prove = async (proof: Proof) => {
    const ticket = await answered(
      bank.POST('/api/v1/session/second-person', { body: { ...proof, ...of } }),
    );
    change([...tickets.filter((one) => one.operator !== ticket.operator), ticket]);
    setOpen(false);
  };
  return (
    <>
      {tickets.map((ticket) => (
        <Tag
          key={ticket.ticket}
          closable
          onClose={() => change(tickets.filter((one) => one !== ticket))}
        >
          {say('signs_too', { name: names.operator(ticket.operator), operator: ticket.operator })}
        </Tag>
      ))}
      <Button icon={<UserAddOutlined />} onClick={() => setOpen(true)}>
        {say('second_person')}
      </Button>
      <Modal
        open={open}
        onCancel={() => setOpen(false)}
        footer={null}
        width={380}
        destroyOnHidden
        title={say('second_person')}
      >
        <p className="quiet">{say('second_person_hint')}</p>
        <SignInForm submit={say('confirm')} prove={prove} />
      </Modal>
    </>
  );
}
