// Small things that every page has: its head, what the bank refused, what is still being fetched.
import { Alert, Button, Spin } from 'antd';
import type { ReactNode } from 'react';
import { Refused } from '../api/client';
import { useSpeech } from '../text/text';

export function PageHead({ title, children }: { title: ReactNode; children?: ReactNode }) {
  return (
    <div className="page-head screen-only">
      <h1>{title}</h1>
      {children}
    </div>
  );
}

/** The bank's own sentence with its code; what is no refusal is said as it is. */
export function Refusal({ error, retry }: { error: unknown; retry?: () => void }) {
  const { say, language } = useSpeech();
  if (!error) return null;
  const problem = error instanceof Refused ? error.problem : null;
  const text = problem ? problem[language] : error instanceof Error ? error.message : say('failed');
  const again = retry && (
    <Button size="small" onClick={retry}>
      {say('again')}
    </Button>
  );
  return (
    <Alert
      role="alert"
      type="error"
      showIcon
      style={{ marginBottom: 12 }}
      title={text}
      description={problem?.code}
      action={again}
    />
  );
}

interface Fetched<T> {
  data: T | undefined;
  error: unknown;
  refetch: () => unknown;
}

/** A page's body once it is there. What was there stays while it is fetched anew. */
export function Once<T>({ of, children }: { of: Fetched<T>; children: (data: T) => ReactNode }) {
  if (of.data !== undefined) return <>{children(of.data)}</>;
  if (of.error) return <Refusal error={of.error} retry={() => void of.refetch()} />;
  return <Waiting />;
}

export function Waiting() {
  return (
    <div style={{ padding: 48, textAlign: 'center' }}>
      <Spin />
    </div>
  );
}

/** How many rows are shown, and the ways to the pages before and after. */
export function PageTurner(props: {
  shown: number;
  isFirst: boolean;
  next: string | number | null | undefined;
  turn: (cursor: string) => void;
}) {
  const { say } = useSpeech();
  const { shown, isFirst, next, turn } = props;
  return (
    <div className="bar" style={{ marginTop: 10, justifyContent: 'flex-end' }}>
      <span className="quiet">{say('rows_shown', { n: shown })}</span>
      <Button disabled={isFirst} onClick={() => history.back()}>
        {say('page_before')}
      </Button>
      <Button
        disabled={next === null || next === undefined}
        onClick={() => turn(String(next))}
      >
        {say('page_after')}
      </Button>
    </div>
  );
}
