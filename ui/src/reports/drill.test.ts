import { expect, test } from 'vitest';
import { leadsTo } from './drill';
import type { Row } from './sheet';

const row = (cells: Row['cells'], style: Row['style'] = 'normal', subjects: string[] = []): Row => ({
  at: 0,
  style,
  cells,
  subjects,
});

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

test('a row of the balance sheet leads to its subjects in its currency', () => {
  const cash = row({ item: '现金', unit: 'USD' }, 'normal', ['1001', '1003']);
  expect(leadsTo('balance-sheet', 'item', cash, { to: '2026-01-06' })).toBe(
    '/reports/subject-balances?subject=1001%2C1003&to=2026-01-06&unit=USD',
  );
  expect(leadsTo('balance-sheet', 'item', row({ item: '资产总计' }, 'subtotal'), {})).toBeNull();
  const wrongSide = row({ subject: '1001' }, 'warning');
  expect(leadsTo('subject-balances', 'subject', wrongSide, {})).toBe(
    '/reports/balance-list?subject=1001',
  );
});

test('sums and what has no page lead nowhere', () => {
  expect(leadsTo('balance-list', 'subject', row({ subject: '2011' }, 'subtotal'), {})).toBeNull();
  expect(leadsTo('trial-balance', 'name', row({ name: '吸收存款' }), {})).toBeNull();
  expect(leadsTo('account-ledger', 'entry', row({ entry: null }), {})).toBeNull();
});
