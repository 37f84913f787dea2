// From one day to another, as the addresses of pages and the bank's questions spell days.
import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import { useSpeech } from '../text/text';

export const DAY = 'YYYY-MM-DD';

/** Days as they are typed at a counter. */
export const TYPED = [DAY, 'YYYYMMDD', 'YYYY/M/D'];

interface Props {
  label: string;
  from: string;
  to: string;
  put: (days: { from: string; to: string }) => void;
}

export function Period({ label, from, to, put }: Props) {
  const { say } = useSpeech();
  return (
    <DatePicker.RangePicker
      aria-label={label}
      allowEmpty={[true, true]}
      format={TYPED}
      placeholder={[say('first_day'), say('last_day')]}
      value={[from ? dayjs(from) : null, to ? dayjs(to) : null]}
      onChange={(days) =>
        put({ from: days?.[0]?.format(DAY) ?? '', to: days?.[1]?.format(DAY) ?? '' })
      }
      style={{ width: 250 }}
    />
  );
}
