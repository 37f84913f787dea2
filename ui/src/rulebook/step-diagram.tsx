// The picture of the steps. What it shows is told in words by the table below it.
import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '../api/client';
import { useNames } from '../form/names';
import { useSpeech } from '../text/text';
import { turnsAway } from './always';
import { BOX, diagram, type Node } from './diagram';
import { rulebook } from './questions';

type Kind = Schemas['KindView'];

/** As many signs as a box has room for. */
const ROOM = 11;

function short(text: string): string {
  return text.length > ROOM ? `${text.slice(0, ROOM - 1)}…` : text;
}

export function StepDiagram({ kind }: { kind: Kind }) {
  const { say, name } = useSpeech();
  const { data: file } = useQuery(rulebook.file(kind.file));
  const { nodes, arrows, width, height } = diagram(kind, turnsAway(file?.text ?? ''));
  const told = kind.steps.map((step) => name(step.title)).join(' → ');
  return (
    // Who cannot use a mouse scrolls it by keys.
    <div className="diagram" tabIndex={0} role="region" aria-label={say('step_diagram')}>
      <svg width={width} height={height} role="img" aria-label={told}>
        <defs>
          <marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M 0 0 L 8 4 L 0 8 Z" className="diagram-tip" />
          </marker>
        </defs>
        {arrows.map((arrow) => (
          <path
            key={arrow.key}
            d={arrow.path}
            className={arrow.bow === 'none' ? 'diagram-arrow' : 'diagram-arrow diagram-bow'}
            markerEnd="url(#tip)"
          />
        ))}
        {nodes.map((node) => (
          <Box key={node.name} node={node} kind={kind} />
        ))}
      </svg>
    </div>
  );
}

function Box({ node, kind }: { node: Node; kind: Kind }) {
  const { name } = useSpeech();
  const names = useNames();
  const step = kind.steps.find((one) => one.name === node.name);
  const end = kind.ends.find((one) => `[${one.name}]` === node.name);
  const title = step?.title ?? end?.title;
  const hands = (step?.hands ?? []).map((hand) => {
    const posts = [...new Set(hand.posts.map((band) => band.post ?? '').filter(Boolean))];
    const who = posts.length > 0 ? names.post(posts[0] ?? '') : '';
    const role = name({ zh: hand.role_zh, en: hand.as });
    return `${role}${hand.count > 1 ? `×${hand.count}` : ''} ${who}`.trim();
  });
  const middle = node.x + BOX.width / 2;
  return (
    <g className={node.isEnd ? 'diagram-node diagram-end' : 'diagram-node'}>
      <title>{[title && name(title), ...hands].join(' · ')}</title>
      <rect
        x={node.x}
        y={node.y}
        width={BOX.width}
        height={BOX.height}
        rx={node.isEnd ? BOX.height / 2 : 4}
      />
      <text x={middle} y={node.y + (hands.length > 0 ? 22 : 34)} className="diagram-title">
        {short(title ? name(title) : node.name)}
      </text>
      {hands.slice(0, 1).map((hand) => (
        <text key={hand} x={middle} y={node.y + 43} className="diagram-hand">
          {short(hand)}
          {hands.length > 1 && ` +${hands.length - 1}`}
        </text>
      ))}
    </g>
  );
}
