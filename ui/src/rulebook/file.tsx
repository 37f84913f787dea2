// One file of the rulebook: what it is, why, and its text.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { about, useAsked } from '../shell/asked';
import { Once, PageHead } from '../shell/parts';
import { useSpeech } from '../text/text';
import { Duties } from './duties';
import { kindTitle } from './file-kinds';
import { FileText } from './file-text';
import { rulebook, type FileView } from './questions';
import './rulebook.css';

export default function RulebookFile() {
  const { say, name } = useSpeech();
  const path = useAsked('of');
  const whole = useQuery(rulebook.whole);
  const file = whole.data?.files.find((one) => one.path === path);
  const beside = path.endsWith('.md') ? path.replace(/\.md$/, '.toml') : path.replace(/\.toml$/, '.md');
  const known = [...(whole.data?.others ?? []), ...(whole.data?.files.map((one) => one.path) ?? [])];
  return (
    <>
      <PageHead title={file ? name(file) : path}>
        <span className="number quiet">{path}</span>
        <span className="spring" />
        {beside !== path && known.includes(beside) && (
          <Link href={about('/rulebook/file', 'of', beside)}>{beside}</Link>
        )}
        {file?.kind === 'matter' && (
          <Link href={`/rulebook/matters/${file.code}`}>{say('step_diagram')}</Link>
        )}
        <Link href="/rulebook">{say('page_rulebook')}</Link>
      </PageHead>
      {file && <About file={file} />}
      <div className="panel">
        <Once of={whole}>{() => <FileText path={path} />}</Once>
      </div>
    </>
  );
}

function About({ file }: { file: FileView }) {
  const { say, name } = useSpeech();
  const title = kindTitle(file.kind);
  return (
    <div className="panel">
      <dl className="values">
        <div>
          <dt>{say('file_kind')}</dt>
          <dd>{title ? say(title) : file.kind}</dd>
        </div>
        <div>
          <dt>{say('serves')}</dt>
          <dd>
            <Duties rows={file.serves} />
          </dd>
        </div>
        <div>
          <dt>{say('why_so')}</dt>
          <dd>{name(file.why)}</dd>
        </div>
        <div>
          <dt>{say('ground')}</dt>
          <dd lang="en">{file.source}</dd>
        </div>
      </dl>
    </div>
  );
}
