// 运营台: where the business day stands, who still works, what hinders the close, and the deeds that
// open and close it.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { news } from '../api/news';
import { Once, PageHead } from '../shell/parts';
import { useSpeech } from '../text/text';
import { BeforeClose } from './before-close';
import { CertificateRows } from './certificate-rows';
import { CloseProgress } from './close-progress';
import { DayDeeds } from './deeds';
import { Institutions } from './institutions';
import { dayQuestions, type Day } from './questions';
import { StateOf } from './state';
import './day.css';

export default function Desk() {
  const { say } = useSpeech();
  const day = useQuery({ ...dayQuestions.day, ...news });
  return (
    <>
      <PageHead title={say('page_day')}>
        <span className="spring" />
        {day.data && <DayDeeds day={day.data} />}
      </PageHead>
      <Once of={day}>{(known) => <Whole day={known} />}</Once>
    </>
  );
}

function Whole({ day }: { day: Day }) {
  const { say } = useSpeech();
  const certificates = useQuery(dayQuestions.certificates({ limit: 5 }));
  return (
    <>
      <StateOf day={day} />
      <div className="day-columns">
        <Institutions day={day} />
        <div>
          <CloseProgress day={day} />
          <BeforeClose day={day} />
          <section className="panel" aria-labelledby="certificates">
            <h2 id="certificates" className="day-title">
              {say('page_certificates')}
              <Link href="/day/certificates">{say('all_certificates')}</Link>
            </h2>
            <Once of={certificates}>{(page) => <CertificateRows rows={page.certificates} short />}</Once>
          </section>
        </div>
      </div>
    </>
  );
}
