// A filter that takes one of many, found while one types, or none.
import { Select } from 'antd';

interface Props {
  label: string;
  value: string | undefined;
  options: { value: string; label: string }[];
  width: number;
  choose: (value: string) => void;
}

export function Choice({ label, value, options, width, choose }: Props) {
  return (
    <Select
      allowClear
      style={{ width }}
      aria-label={label}
      placeholder={label}
      value={value}
      onChange={(chosen: string | undefined) => choose(chosen ?? '')}
      options={options}
      showSearch={{ optionFilterProp: 'label' }}
    />
  );
}
