// The door over a page: a session that ended, or a locked screen. What is behind it stays as it was.
import { Button, Modal } from 'antd';
import { Suspense, lazy, useSyncExternalStore } from 'react';
import { answered, bank, carry } from '../api/client';
import { gate } from '../api/gate';
import { useSpeech } from '../text/text';
import { Waiting } from './parts';
import type { Session } from './session';
import type { Proof } from './sign-in-form';

/** Most sittings end before a door falls shut. */
const SignInForm = lazy(() => import('./sign-in-form'));

interface Props {
  session: Session;
  entered: (session: Session) => void;
  left: () => void;
}

export function Door({ session, entered, left }: Props) {
  const { say } = useSpeech();
  const closed = useSyncExternalStore(gate.watch, gate.state);
  const prove = async ({ password, code }: Proof) => {
    const given = code === undefined ? { password } : { password, code };
    if (closed === 'unlock') {
      await answered(bank.POST('/api/v1/session/unlock', { body: given }));
      entered({ ...session, locked: false });
    } else {
      const body = { ...given, operator: session.operator };
      const again = await answered(bank.POST('/api/v1/session', { body }));
      carry({ csrf: again.csrf });
      entered(again);
    }
    gate.open();
  };
  const other = async () => {
    await bank.DELETE('/api/v1/session').catch(() => null);
    left();
  };
  return (
    <Modal
      open={closed !== null}
      closable={false}
      keyboard={false}
      footer={null}
      mask={{ blur: true, closable: false }}
      width={380}
      destroyOnHidden
      title={say(closed === 'unlock' ? 'screen_locked' : 'session_ended')}
    >
      <p className="quiet">
        {say(closed === 'unlock' ? 'screen_locked_hint' : 'session_ended_hint', {
          name: session.name,
          operator: session.operator,
        })}
      </p>
      <Suspense fallback={<Waiting />}>
        <SignInForm
          operator={session.operator}
          submit={say(closed === 'unlock' ? 'unlock' : 'sign_in')}
          prove={prove}
        >
          <Button type="link" block onClick={() => void other()}>
            {say('somebody_else')}
          </Button>
        </SignInForm>
      </Suspense>
    </Modal>
  );
}
