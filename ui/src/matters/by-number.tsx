// The matter that a number names, whether it is under way or has ended: vouchers and registers know
// matters by their numbers.
import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import { Redirect } from 'wouter';
import { questions } from '../api/questions';
import { PageHead, Refusal, Waiting } from '../shell/parts';
import { useSpeech } from '../text/text';

export default function MatterByNumber({ number }: { number: string }) {
  const { say } = useSpeech();
  const plain = decodeURIComponent(number);
  const open = useQuery(questions.matters({ number: plain, limit: 5 }));
  const ended = useQuery(questions.matters({ number: plain, limit: 5, state: 'ended' }));
  const all = [...(open.data?.matters ?? []), ...(ended.data?.matters ?? [])];
  const found = all.find((one) => one.number === plain);
  if (found) return <Redirect to={`/matters/${found.id}`} replace />;
  if (open.isPending || ended.isPending) return <Waiting />;
  return (
    <>
      <PageHead title={plain} />
      <Refusal error={open.error ?? ended.error} />
      <Alert type="info" showIcon title={say('matter_not_found')} />
    </>
  );
}
