import { expect, test } from 'vitest';
import { blocks } from './markdown';

const PAGE = `# A matter (事项)

At night it is counted,
and looked at.

| who | what |
| --- | --- |
| ana | counts |
\`\`\`case
> ready
ready
\`\`\`
## Over`;

test('a page is headings, sentences, tables and cases', () => {
  expect(blocks(PAGE)).toEqual([
    { kind: 'heading', level: 1, text: 'A matter (事项)' },
    { kind: 'text', text: 'At night it is counted, and looked at.' },
    { kind: 'table', rows: [['who', 'what'], ['ana', 'counts']] },
    { kind: 'code', info: 'case', lines: ['> ready', 'ready'] },
    { kind: 'heading', level: 2, text: 'Over' },
  ]);
});

test('a case that is not closed goes to the end of the page', () => {
  expect(blocks('```case\n> ready')).toEqual([{ kind: 'code', info: 'case', lines: ['> ready'] }]);
});
