// What is left of a list while one types.
import { Input } from 'antd';

interface Props {
  label: string;
  value: string | undefined;
  width?: number;
  autoFocus?: boolean;
  find: (typed: string) => void;
}

export function Finder({ label, value, width, autoFocus = false, find }: Props) {
  return (
    <Input
      allowClear
      autoFocus={autoFocus}
      style={{ width }}
      aria-label={label}
      placeholder={label}
      value={value}
      onChange={(event) => find(event.target.value)}
    />
  );
}
