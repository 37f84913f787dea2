// 日终证书: all of them, the newest first.
import { useQuery } from '@tanstack/react-query';
import { useLocation, useSearch } from 'wouter';
import { Once, PageHead, PageTurner } from '../shell/parts';
import { useSpeech } from '../text/text';
import { CertificateRows } from './certificate-rows';
import { dayQuestions } from './questions';

export default function Certificates() {
  const { say } = useSpeech();
  const [, go] = useLocation();
  const cursor = new URLSearchParams(useSearch()).get('cursor');
  const page = useQuery(
    dayQuestions.certificates({ limit: 30, ...(cursor ? { cursor: Number(cursor) } : {}) }),
  );
  return (
    <>
      <PageHead title={say('page_certificates')} />
      <div className="panel">
        <Once of={page}>
          {({ certificates, cursor: next }) => (
            <>
              <CertificateRows rows={certificates} />
              <PageTurner
                shown={certificates.length}
                isFirst={!cursor}
                next={next}
                turn={(to) => go(`/day/certificates?cursor=${to}`)}
              />
            </>
          )}
        </Once>
      </div>
    </>
  );
}
