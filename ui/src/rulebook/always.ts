// Steps that never go on to the one behind them: the last of their ways has no condition. The bank
// tells where a step may go, and only the file under which condition.

/** The text between the bracket at `from` and the one that closes it. */
function bracketed(text: string, from: number): string {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '[') depth += 1;
    if (text[at] === ']') depth -= 1;
    if (depth === 0) return text.slice(from + 1, at);
  }
  return '';
}

/** Tables of a list, each with what is nested in it. */
function tables(list: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let from = 0;
  for (const [at, sign] of Array.from(list).entries()) {
    if (sign === '{') {
      if (depth === 0) from = at;
      depth += 1;
    }
    if (sign === '}') {
      depth -= 1;
      if (depth === 0) found.push(list.slice(from, at + 1));
    }
  }
  return found;
}

export function turnsAway(definition: string): Set<string> {
  const steps = new Set<string>();
  for (const go of definition.matchAll(/\bgo\s*=\s*\[/g)) {
    const list = bracketed(definition, go.index + go[0].length - 1);
    const last = tables(list).at(-1) ?? '';
    const before = [...definition.slice(0, go.index).matchAll(/\bname\s*=\s*"([^"]+)"/g)];
    const step = before.at(-1)?.[1];
    if (step && last !== '' && !/\bwhen\s*=/.test(last)) steps.add(step);
  }
  return steps;
}
