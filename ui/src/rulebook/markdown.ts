// A page of the rulebook as blocks: as much of Markdown as those pages use.

export type Block =
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'code'; info: string; lines: string[] }
  | { kind: 'table'; rows: string[][] };

function cells(line: string): string[] {
  const plain = line.trim().replace(/^\||\|$/g, '');
  return plain.split('|').map((cell) => cell.trim());
}

const RULE = /^\|?[\s:|-]+\|?$/;

export function blocks(page: string): Block[] {
  const found: Block[] = [];
  const lines = page.split('\n');
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (line.startsWith('```')) {
      const end = lines.findIndex((one, index) => index > at && one.startsWith('```'));
      const last = end < 0 ? lines.length : end;
      found.push({ kind: 'code', info: line.slice(3).trim(), lines: lines.slice(at + 1, last) });
      at = last + 1;
    } else if (heading) {
      found.push({ kind: 'heading', level: heading[1]?.length ?? 1, text: heading[2] ?? '' });
      at += 1;
    } else if (line.trim() === '') {
      at += 1;
    } else {
      const isTable = line.startsWith('|');
      const ends = (one: string) =>
        one.trim() === '' || one.startsWith('```') || one.startsWith('#') || one.startsWith('|') !== isTable;
      const end = lines.findIndex((one, index) => index > at && ends(one));
      const own = lines.slice(at, end < 0 ? lines.length : end);
      found.push(
        isTable
          ? { kind: 'table', rows: own.filter((one) => !RULE.test(one)).map(cells) }
          : { kind: 'text', text: own.join(' ') },
      );
      at += own.length;
    }
  }
  return found;
}
