// The text of a file of the rulebook: pages as they are read, definitions line by line.
import { useQuery } from '@tanstack/react-query';
import { Once } from '../shell/parts';
import { CasePage } from './case-page';
import { rulebook } from './questions';

export function FileText({ path }: { path: string }) {
  const file = useQuery(rulebook.file(path));
  return (
    <Once of={file}>
      {({ text }) => (path.endsWith('.md') ? <CasePage text={text} /> : <Lines text={text} />)}
    </Once>
  );
}

/** What a line of a definition is: a remark and a heading stand out from what it says. */
function lookOf(line: string): string {
  if (line.trimStart().startsWith('#')) return 'quiet';
  return line.startsWith('[') ? 'line-head' : '';
}

function Lines({ text }: { text: string }) {
  const lines = text.replace(/\n$/, '').split('\n');
  return (
    <pre className="case lines" tabIndex={0}>
      {lines.map((line, at) => (
        <span key={at} className={lookOf(line)}>
          <span className="line-number" aria-hidden="true">
            {at + 1}
          </span>
          {line}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
