// 号段: ranges of serial numbers as people write them, `cheque:AB00000001-AB00000025`.

export interface SerialRange {
  kind: string;
  prefix: string;
  from: bigint;
  to: bigint;
}

const END = /^([A-Za-z\u4e00-\u9fff][A-Za-z0-9\u4e00-\u9fff-]*?)?(\d+)$/;

function end(text: string): { prefix: string; number: bigint } | null {
  const found = END.exec(text.trim());
  return found ? { prefix: found[1] ?? '', number: BigInt(found[2] ?? '0') } : null;
}

/** A kind and two ends; the second end may be left out, and so may its prefix. */
export function range(kind: string, first: string, last: string): SerialRange | null {
  const from = end(first);
  const to = last.trim() === '' ? from : end(last);
  if (kind === '' || !from || !to) return null;
  if (to.prefix !== '' && to.prefix !== from.prefix) return null;
  if (to.number < from.number) return null;
  return { kind, prefix: from.prefix, from: from.number, to: to.number };
}

/** Reads what `written` writes; only the `-` between two ends comes after a digit. */
export function parseRange(text: string): SerialRange | null {
  const [kind = '', rest = ''] = text.split(/:(.*)/s);
  const between = /^(.*?\d)-(.*)$/.exec(rest);
  return range(kind, between?.[1] ?? rest, between?.[2] ?? '');
}

export function pieces({ from, to }: SerialRange): bigint {
  return to - from + 1n;
}

export function serial(prefix: string, number: bigint): string {
  return prefix + number.toString().padStart(8, '0');
}

export function written({ kind, prefix, from, to }: SerialRange): string {
  const first = `${kind}:${serial(prefix, from)}`;
  return from === to ? first : `${first}-${serial(prefix, to)}`;
}
