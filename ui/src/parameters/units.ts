// What parameters are measured in, in words.
import { useSpeech } from '../text/text';
import type { TextKey } from '../text/zh';

const UNITS: Record<string, TextKey> = {
  working_day: 'in_working_days',
  day: 'in_days',
  hour: 'in_hours',
  minute: 'in_minutes',
  month: 'in_months',
  year: 'in_years',
  yuan: 'in_yuan',
  count: 'in_count',
  rate: 'in_rate',
  share: 'in_share',
  price: 'in_price',
  day_of_month: 'in_day_of_month',
  time: 'in_time',
};

/** These need no word behind them: they carry a sign, or their title says what is counted. */
const SAID = ['rate', 'share', 'time', 'count'];

interface Units {
  unit: (code: string) => string;
  shown: (value: string, code: string) => string;
}

export function useUnits(): Units {
  const { say } = useSpeech();
  const unit = (code: string) => {
    const key = UNITS[code];
    return key ? say(key) : code;
  };
  const shown = (value: string, code: string) => {
    const plain = /^\d{4,}(\.\d+)?$/.test(value) ? value.replace(/\B(?=(\d{3})+(?!\d))/g, ',') : value;
    return SAID.includes(code) ? plain : `${plain} ${unit(code)}`;
  };
  return { unit, shown };
}
