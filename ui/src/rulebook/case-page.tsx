// A page of cases: what is typed stands out from what the bank answers.
import type { ReactNode } from 'react';
import { blocks, type Block } from './markdown';

export function CasePage({ text }: { text: string }) {
  return (
    <div className="case-page">
      {blocks(text).map((block, at) => (
        <Shown key={at} block={block} />
      ))}
    </div>
  );
}

function Shown({ block }: { block: Block }) {
  switch (block.kind) {
    case 'heading':
      // The page itself has the first heading of its own.
      return block.level <= 2 ? <h3>{marked(block.text)}</h3> : <h4>{marked(block.text)}</h4>;
    case 'code':
      return <Case lines={block.lines} />;
    case 'table':
      return <Rows rows={block.rows} />;
    case 'text':
      return <p>{marked(block.text)}</p>;
  }
}

/** Codes within a sentence. */
function marked(text: string): ReactNode[] {
  return text
    .split(/`([^`]+)`/)
    .map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part));
}

function Case({ lines }: { lines: string[] }) {
  return (
    <pre className="case" tabIndex={0}>
      {lines.map((line, at) => (
        <span
          key={at}
          className={line.startsWith('> ') ? 'case-typed' : line.startsWith('refused') ? 'case-no' : ''}
        >
          {line}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}

function Rows({ rows }: { rows: string[][] }) {
  const [head = [], ...body] = rows;
  return (
    <table className="grid">
      <thead>
        <tr>
          {head.map((cell, at) => (
            <th key={at}>{marked(cell)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {body.map((row, at) => (
          <tr key={at}>
            {row.map((cell, index) => (
              <td key={index} className="still">
                {marked(cell)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
