// 号段库存: the numbers that lie at a place, kind by kind; a number typed shows the range it is in.
import { Table } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Schemas } from '../api/client';
import { parseRange, serial } from '../form/serial';
import { Finder } from '../shell/finder';
import { useSpeech } from '../text/text';
import { thingPath } from './paths';
import { contains, thingOf } from './thing';

type View = Schemas['StockView'];
type Range = Schemas['RangeView'];

export function Stock({ stock }: { stock: View[] }) {
  const { say, name } = useSpeech();
  const [wanted, setWanted] = useState('');
  return (
    <section className="panel" aria-labelledby="stock">
      <h2 id="stock">{say('numbered_stock')}</h2>
      {stock.length === 0 && <span className="quiet">{say('no_stock')}</span>}
      {stock.length > 0 && (
        <div className="filters">
          <Finder width={240} label={say('find_in_ranges')} value={wanted} find={setWanted} />
        </div>
      )}
      {stock.map((one) => (
        <div key={one.kind} style={{ marginBottom: 14 }}>
          <h3 className="stock-kind">
            {name(one)}
            <span className="word done">{say('good_n', { n: one.good.toLocaleString() })}</span>
            {one.void > 0 && (
              <span className="word off">{say('void_n', { n: one.void.toLocaleString() })}</span>
            )}
          </h3>
          <Ranges kind={one.kind} ranges={one.ranges} wanted={wanted} />
          {one.more > 0 && <span className="quiet">{say('more_ranges', { n: one.more })}</span>}
        </div>
      ))}
    </section>
  );
}

interface RangesProps {
  kind: string;
  ranges: Range[];
  wanted: string;
}

function Ranges({ kind, ranges, wanted }: RangesProps) {
  const { say } = useSpeech();
  const read = ranges.map((range) => ({ ...range, ends: parseRange(range.range) }));
  const shown = read.filter(({ ends }) => wanted.trim() === '' || (ends && contains(ends, wanted)));
  /** The very thing that was looked for, else the first of the range. */
  const thing = ({ ends }: (typeof read)[number]) => {
    if (!ends) return null;
    const asked = /\d+$/.exec(wanted.trim())?.[0];
    const number = asked && contains(ends, wanted) ? BigInt(asked) : ends.from;
    return thingOf(kind, `${kind}:${serial(ends.prefix, number)}`);
  };
  return (
    <Table
      size="small"
      rowKey="range"
      dataSource={shown}
      pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
      style={{ maxWidth: 820 }}
      locale={{ emptyText: say('nothing_found') }}
      columns={[
        {
          title: say('serial_first'),
          className: 'number',
          render: (_, { ends, range }) => (ends ? serial(ends.prefix, ends.from) : range),
        },
        {
          title: say('serial_last'),
          className: 'number',
          render: (_, { ends }) => ends && serial(ends.prefix, ends.to),
        },
        {
          title: say('pieces'),
          align: 'right',
          className: 'number',
          render: (_, { pieces }) => pieces.toLocaleString(),
        },
        {
          title: say('condition'),
          render: (_, { condition }) => <Condition condition={condition} />,
        },
        {
          title: say('actions'),
          render: (_, range) => {
            const one = thing(range);
            return one && <Link href={thingPath(one)}>{say('see_thing', { thing: one.split(':')[1] ?? one })}</Link>;
          },
        },
      ]}
    />
  );
}

export function Condition({ condition }: { condition: string }) {
  const { say } = useSpeech();
  const good = condition === 'good';
  return <span className={good ? 'word done' : 'word off'}>{say(good ? 'good' : 'void')}</span>;
}
