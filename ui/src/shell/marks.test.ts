import { expect, it } from 'vitest';
import { marks } from './marks';

const shown = (text: string, wanted: string) =>
  marks(text, wanted)
    .map((piece) => (piece.isMarked ? `[${piece.text}]` : piece.text))
    .join('');

it.each([
  ['点钞机卡钞', '卡钞', '点钞机[卡钞]'],
  ['Custody Seals', 'seals', 'Custody [Seals]'],
  ['RHLK-20260107-0001', 'ｒｈｌｋ', '[RHLK]-20260107-0001'],
  ['现金业务的调拨', '现金　调拨', '[现金]业务的[调拨]'],
  ['aaa', 'aa', '[aaa]'],
  // Found by words of the dictionary, which stand apart in the text.
  ['调拨现金一批', '现金调拨', '[调拨现金]一批'],
  ['印章', '现金', '印章'],
  ['印章', ' ', '印章'],
  ['', '现金', ''],
])('%s, looked for %s', (text, wanted, expected) => expect(shown(text, wanted)).toBe(expected));
