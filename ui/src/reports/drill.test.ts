import { expect, test } from 'vitest';
import { leadsTo } from './drill';
import type { Row } from './sheet';

const row = (cells: Row['cells'], style = 'normal'): Row => ({ at: 0, style, cells });

test('a trial balance leads down to an entry', () => {
  const period = { from: '2026-01-01', to: '2026-01-06', institution: '0101' };
  expect(leadsTo('trial-balance', 'subject', row({ subject: '2011' }), period)).toBe(
    '/reports/balance-list?subject=2011&institution=0101&day=2026-01-06',
  );
  const day = { day: '2026-01-06' };
  expect(leadsTo('balance-list', 'account', row({ account: '0101.CNY.1001-01.01' }), day)).toBe(
    '/accounts/0101.CNY.1001-01.01?view=statement&from=2026-01-06&to=2026-01-06',
  );
  expect(leadsTo('balance-list', 'subject', row({ subject: '1001-01' }), day)).toBe(
    '/reports/general-ledger?subject=1001-01&from=2026-01-06&to=2026-01-06',
  );
  expect(leadsTo('account-ledger', 'entry', row({ entry: '17' }), {})).toBe('/entries/17');
});

test('sums and what has no page lead nowhere', () => {
  expect(leadsTo('balance-list', 'subject', row({ subject: '2011' }, 'subtotal'), {})).toBeNull();
  expect(leadsTo('trial-balance', 'name', row({ name: '吸收存款' }), {})).toBeNull();
  expect(leadsTo('account-ledger', 'entry', row({ entry: null }), {})).toBeNull();
});
