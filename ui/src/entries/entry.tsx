// 凭证: one entry with its lines, as it is read and printed.
import { PrinterOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { Link } from 'wouter';
import type { Schemas } from '../api/client';
import { questions } from '../api/questions';
import { useNames } from '../form/names';
import { Once, PageHead } from '../shell/parts';
import { useSession } from '../shell/session';
import { useSpeech } from '../text/text';
import { EntryLines } from './lines';

type View = Schemas['EntryView'];

export default function Entry({ entry }: { entry: number }) {
  const { say } = useSpeech();
  const found = useQuery(questions.entry(entry));
  return (
    <>
      <PageHead title={say('entry_n', { n: entry })}>
        <span className="spring" />
        <Button icon={<PrinterOutlined />} onClick={() => window.print()}>
          {say('print')}
        </Button>
      </PageHead>
      <Once of={found}>{(known) => <Voucher entry={known} />}</Once>
    </>
  );
}

function Voucher({ entry }: { entry: View }) {
  const { say, name } = useSpeech();
  const session = useSession();
  const names = useNames();
  const facts: [string, string][] = [
    [say('institution'), `${entry.institution} ${names.institution(entry.institution)}`],
    [say('business_date'), entry.business_date],
    [say('value_date'), entry.value_date],
    [say('code'), entry.code],
    [say('maker'), names.operator(entry.maker)],
    [say('checker'), names.operator(entry.checker)],
    [say('authoriser'), names.operator(entry.authoriser)],
    [say('document'), entry.document],
    [say('summary'), entry.summary],
    [say('attachments'), String(entry.attachments)],
  ];
  return (
    <div className="panel paper-too">
      <h2 className="print-only">
        {name({ zh: session.bank_zh, en: session.bank_en })} {say('voucher')} #{entry.entry}
      </h2>
      <dl className="values">
        {facts
          .filter(([, text]) => text !== '')
          .map(([title, text]) => (
            <div key={title}>
              <dt>{title}</dt>
              <dd>{text}</dd>
            </div>
          ))}
      </dl>
      <MadeBy entry={entry} />
      <EntryLines lines={entry.lines} />
    </div>
  );
}

/** An entry whose code is that of a matter bears the number of the matter that made it. */
function MadeBy({ entry }: { entry: View }) {
  const { say, name } = useSpeech();
  const { data: kinds } = useQuery(questions.kinds);
  const kind = kinds?.find((one) => one.code === entry.code);
  if (!kind || entry.document === '') return null;
  return (
    <p className="screen-only" style={{ margin: '10px 0 0' }}>
      <span className="quiet">{say('made_by_matter')}</span>{' '}
      <Link href={`/matters/of/${encodeURIComponent(entry.document)}`}>
        {name(kind.title)} <span className="number">{entry.document}</span>
      </Link>
    </p>
  );
}
