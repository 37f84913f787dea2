// 日终证书: what was proved when a day closed, as it is read, printed and filed.
import { PrinterOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { grouped } from '../form/amount';
import { Once, PageHead } from '../shell/parts';
import { useSession } from '../shell/session';
import { useSpeech } from '../text/text';
import { Passed } from './certificate-rows';
import { dayQuestions, type Certificate } from './questions';
import './day.css';

export default function CertificatePage({ day }: { day: string }) {
  const { say } = useSpeech();
  const found = useQuery(dayQuestions.certificate(day));
  return (
    <>
      <PageHead title={say('certificate_of', { day })}>
        {found.data && <Passed certificate={found.data} />}
        <span className="spring" />
        <Button icon={<PrinterOutlined />} onClick={() => window.print()}>
          {say('print')}
        </Button>
      </PageHead>
      <Once of={found}>{(known) => <Whole certificate={known} />}</Once>
    </>
  );
}

function Whole({ certificate }: { certificate: Certificate }) {
  const { say, name } = useSpeech();
  const session = useSession();
  const facts: [string, string][] = [
    [say('business_date'), certificate.day],
    [say('blocks'), say('block_range', { first: certificate.first_seq, last: certificate.last_seq })],
    [say('entries_count'), grouped(String(certificate.entries))],
    [say('lines_count'), grouped(String(certificate.lines))],
  ];
  const digests: [string, string][] = [
    [say('chain_hash'), certificate.chain],
    [say('gl_digest'), certificate.gl_digest],
    [say('accounts_digest'), certificate.accounts_digest],
  ];
  return (
    <div className="panel" data-testid="certificate">
      <h2 className="print-only">
        {name({ zh: session.bank_zh, en: session.bank_en })} {say('certificate_of', { day: certificate.day })}
      </h2>
      <dl className="values">
        {facts.map(([title, text]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd className="number">{text}</dd>
          </div>
        ))}
        {digests.map(([title, text]) => (
          <div key={title} className="wide">
            <dt>{title}</dt>
            <dd className="day-digest">{text}</dd>
          </div>
        ))}
      </dl>
      <Totals certificate={certificate} />
      <div className="day-halves">
        <Checks certificate={certificate} />
        <Steps certificate={certificate} />
      </div>
    </div>
  );
}

function Totals({ certificate }: { certificate: Certificate }) {
  const { say } = useSpeech();
  return (
    <table className="grid figures day-table">
      <caption>{say('turnover')}</caption>
      <thead>
        <tr>
          <th>{say('unit')}</th>
          <th className="figure">{say('debit_amount')}</th>
          <th className="figure">{say('credit_amount')}</th>
        </tr>
      </thead>
      <tbody>
        {certificate.totals.map((total) => (
          <tr key={total.unit}>
            <td className="still">{total.unit}</td>
            <td className="still figure">{grouped(total.debit)}</td>
            <td className="still figure">{grouped(total.credit)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Checks({ certificate }: { certificate: Certificate }) {
  const { say, name } = useSpeech();
  return (
    <table className="grid day-table">
      <caption>{say('checks')}</caption>
      <thead>
        <tr>
          <th>{say('checks')}</th>
          <th>{say('proof_found')}</th>
          <th>{say('result')}</th>
        </tr>
      </thead>
      <tbody>
        {certificate.checks.map((check) => (
          <tr key={check.code}>
            <td className="still">{name(check)}</td>
            <td className="still quiet">{check.found}</td>
            <td className="still">
              <span className={check.passed ? 'word done' : 'word late'}>
                {check.passed ? '✓ ' : '! '}
                {say(check.passed ? 'check_passed' : 'check_failed')}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Steps({ certificate }: { certificate: Certificate }) {
  const { say, name } = useSpeech();
  return (
    <table className="grid day-table">
      <caption>{say('steps')}</caption>
      <thead>
        <tr>
          <th>{say('steps')}</th>
          <th>{say('proof_found')}</th>
          <th>{say('result')}</th>
        </tr>
      </thead>
      <tbody>
        {certificate.steps.map((step) => (
          <tr key={step.code}>
            <td className="still">{name(step)}</td>
            <td className="still quiet">{step.note}</td>
            <td className="still">{say(step.done ? 'step_done' : 'step_waits')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
