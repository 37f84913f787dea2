// 一号一物: a kind and a number, and one is at the thing. The whole as printed on lists, as
// `cheque:AB00000001`, may be typed or scanned into the number too.
import { Input, Select, Space } from 'antd';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { useChoices } from '../form/names';
import { useSpeech } from '../text/text';
import { thingOf } from './thing';
import { thingPath } from './paths';

export function ThingFinder() {
  const { say, name } = useSpeech();
  const { stocks } = useChoices();
  const [, go] = useLocation();
  const [kind, setKind] = useState<string | null>(null);
  const [wrong, setWrong] = useState(false);
  const find = (typed: string) => {
    if (typed.trim() === '') return;
    const thing = thingOf(kind ?? '', typed);
    setWrong(thing === null);
    if (thing !== null) go(thingPath(thing));
  };
  return (
    <Space.Compact>
      <Select
        style={{ width: 170 }}
        aria-label={say('stock_kind')}
        placeholder={say('stock_kind')}
        value={kind}
        onChange={(next: string | null) => setKind(next)}
        options={stocks.map((one) => ({ value: one.code, label: name(one.title) }))}
        showSearch={{ optionFilterProp: 'label' }}
      />
      <Input.Search
        style={{ width: 220 }}
        status={wrong ? 'error' : ''}
        aria-label={say('find_serial')}
        aria-invalid={wrong}
        placeholder={say('find_serial')}
        onSearch={find}
      />
    </Space.Compact>
  );
}
