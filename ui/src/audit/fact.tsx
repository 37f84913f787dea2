// One fact in full, as the journal has it.
import { useSpeech } from '../text/text';
import type { AuditRow } from './questions';

export function Fact({ row }: { row: AuditRow }) {
  const { say } = useSpeech();
  return (
    <section aria-label={say('audit_fact')}>
      <pre className="audit-fact" tabIndex={0}>
        {JSON.stringify(row.fact, null, 2)}
      </pre>
      {row.cut && <p className="quiet">{say('audit_cut')}</p>}
    </section>
  );
}
