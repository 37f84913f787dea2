import { useSpeech } from '../text/text';
import { statusTitle } from './words';

export function AccountStatus({ status }: { status: string }) {
  const { say } = useSpeech();
  const title = statusTitle(status);
  const look = status === 'normal' ? 'word done' : status === 'closed' ? 'word off' : 'word soon';
  return <span className={look}>{title ? say(title) : status}</span>;
}
