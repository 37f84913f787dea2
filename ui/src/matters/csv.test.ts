import { expect, it } from 'vitest';
import { csv } from './csv';

it('quotes what needs it and runs no formula', () => {
  const text = csv([
    ['编号', '说"明"'],
    ['=1+1', 'a,b'],
    ['-12.50', '@x'],
  ]);
  expect(text).toBe('\ufeff编号,"说""明"""\r\n\'=1+1,"a,b"\r\n-12.50,\'@x\r\n');
});
