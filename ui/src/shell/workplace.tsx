// Who is here? Nobody: the entrance. Somebody who must first change a password or set a factor: that.
// Else the frame with its pages; over it, the door that falls shut when a session ends.
import { useQueryClient } from '@tanstack/react-query';
import { Suspense, lazy, useCallback, useEffect, useMemo, useState } from 'react';
import { Refused, answered, bank, carry } from '../api/client';
import { gate } from '../api/gate';
import { Door } from './door';
import { Frame } from './frame';
import { Refusal, Waiting } from './parts';
import { SessionContext, type Session, type Window } from './session';

// Whoever is signed in already needs none of these.
const Entrance = lazy(() => import('./entrance'));
const FirstFactor = lazy(() => import('./first-factor'));
const ForcedPassword = lazy(() => import('./password'));

type Known = Session | 'nobody' | 'unknown';

export function Workplace() {
  const [known, setKnown] = useState<Known>('unknown');
  const [error, setError] = useState<unknown>(null);
  const queries = useQueryClient();

  const take = useCallback((session: Session) => {
    carry({ csrf: session.csrf, operator: session.operator });
    setKnown(session);
    if (session.locked) gate.close('unlock');
  }, []);

  const refresh = useCallback(async () => {
    try {
      take(await answered(bank.GET('/api/v1/session')));
    } catch (refused) {
      if (refused instanceof Refused && refused.problem.status === 401) setKnown('nobody');
      else setError(refused);
    }
  }, [take]);

  useEffect(() => {
    // eslint-disable-next-line react-hooks/set-state-in-effect -- it asks who is here, once
    void refresh();
  }, [refresh]);

  const leave = useCallback(() => {
    gate.leave(new Error('signed out'));
    carry({ csrf: '', operator: '' });
    queries.clear();
    setKnown('nobody');
  }, [queries]);

  const window = useMemo<Window | null>(() => {
    if (known === 'nobody' || known === 'unknown') return null;
    const signOut = async () => {
      await bank.DELETE('/api/v1/session').catch(() => null);
      leave();
    };
    const lock = async () => {
      await answered(bank.POST('/api/v1/session/lock'));
      gate.close('unlock');
    };
    return { session: known, refresh, lock, signOut };
  }, [known, refresh, leave]);

  if (error && !window) return <Refusal error={error} retry={() => void refresh()} />;
  if (known === 'unknown') return <Waiting />;
  if (!window) {
    return (
      <Suspense fallback={<Waiting />}>
        <Entrance entered={take} />
      </Suspense>
    );
  }
  return (
    <SessionContext value={window}>
      <Suspense fallback={<Waiting />}>
        <Inside session={window.session} />
      </Suspense>
      <Door session={window.session} entered={take} left={leave} />
    </SessionContext>
  );
}

function Inside({ session }: { session: Session }) {
  if (session.must_change_password) return <ForcedPassword />;
  if (session.must_set_factor) return <FirstFactor />;
  return <Frame />;
}
