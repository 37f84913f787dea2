// Words of the books for what an account is in.
import type { TextKey } from '../text/zh';

export const STATUSES = [
  'normal',
  'receive_only',
  'pay_only',
  'frozen',
  'dormant',
  'closed',
] as const;

const TITLES: Record<string, TextKey> = {
  normal: 'status_normal',
  receive_only: 'status_receive_only',
  pay_only: 'status_pay_only',
  frozen: 'status_frozen',
  dormant: 'status_dormant',
  closed: 'status_closed',
};

export function statusTitle(status: string): TextKey | null {
  return TITLES[status] ?? null;
}
