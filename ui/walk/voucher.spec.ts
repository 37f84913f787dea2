import { be, beAt, expect, noBarriers, test } from './window';

interface Head {
  number: string;
  balance: string;
}

test('a voucher is typed without a mouse, balances, and is posted', async ({ page }) => {
  await be(page, 'ren');
  const answer = await page.request.get('/api/v1/accounts?kind=personal_overdraft&limit=2');
  let { accounts } = (await answer.json()) as { accounts: Head[] };
  if (accounts.length < 2) {
    const any = await page.request.get('/api/v1/accounts?q=6299&limit=2');
    ({ accounts } = (await any.json()) as { accounts: Head[] });
  }
  const [from, to] = accounts;
  if (!from || !to) throw new Error('the demonstration has accounts');

  await page.goto('/entries/new');
  await page.getByRole('textbox', { name: '账户 1' }).focus();
  await page.keyboard.type(from.number);
  await page.keyboard.press('Enter');
  await page.keyboard.type('1,2');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status')).toHaveText('贷方差 12.00');
  await page.keyboard.type(to.number);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.keyboard.press('=');
  await expect(page.getByTestId('credit-total')).toHaveText('12.00');
  await expect(page.getByRole('status')).toHaveText('借贷平衡');
  await expect(page.getByText(/余额 CNY/).first()).toBeVisible();
  await noBarriers(page);
  await page.keyboard.press('Control+Enter');
  await expect(page).toHaveURL(/\/entries\/\d+$/);
  await expect(page.getByText(from.number)).toBeVisible();
  await expect(page.getByText('12.00').first()).toBeVisible();
  await noBarriers(page);
});

test('each currency of a voucher balances by itself, in its own decimals', async ({ page }) => {
  const csrf = await be(page, 'ana');
  for (const number of ['JPY-0101-1', 'JPY-0101-2']) {
    const answer = await page.request.post('/api/v1/accounts', {
      headers: { 'X-CSRF-Token': csrf, 'Idempotency-Key': crypto.randomUUID() },
      data: { number, name: '佐藤', institution: '0101', kind: 'personal_current', unit: 'JPY' },
    });
    expect(answer.ok(), await answer.text()).toBe(true);
  }
  await beAt(page, 'ren', '/entries/new');
  await page.getByRole('textbox', { name: '账户 1' }).fill('JPY-0101-1');
  await page.getByRole('textbox', { name: '借方金额 1' }).fill('1,200');
  await page.getByRole('textbox', { name: '账户 2' }).fill('0000.CNY.1001-01.01');
  await page.getByRole('textbox', { name: '贷方金额 2' }).fill('60.5');
  await expect(page.getByRole('status')).toHaveText('贷方差 JPY 1,200 · 借方差 CNY 60.50');
  await page.getByRole('textbox', { name: '账户 2' }).fill('JPY-0101-2');
  // A yen has no parts.
  await expect(page.getByRole('textbox', { name: '贷方金额 2' })).toHaveClass(/wrong/);
  await page.getByRole('textbox', { name: '贷方金额 2' }).press('=');
  await expect(page.getByTestId('credit-total')).toHaveText('1,200');
  await expect(page.getByRole('status')).toHaveText('借贷平衡');
});

test('what the bank refuses of a voucher stands at its line', async ({ page }) => {
  await beAt(page, 'ren', '/entries/new');
  await page.getByRole('textbox', { name: '账户 1' }).fill('no-such-account');
  await page.getByRole('textbox', { name: '借方金额 1' }).fill('5');
  await page.getByRole('textbox', { name: '账户 2' }).fill('nor-this-one');
  await page.getByRole('textbox', { name: '贷方金额 2' }).fill('5');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('alert').first()).toContainText('no-such-account');
});

test('fifty lines are typed without a lag', async ({ page }) => {
  await beAt(page, 'ren', '/entries/new');
  await page.getByRole('textbox', { name: '账户 1' }).focus();
  const began = Date.now();
  for (let line = 0; line < 50; line += 1) {
    await page.keyboard.type('1234');
    await page.keyboard.press('Enter');
    await page.keyboard.type('1.5');
    await page.keyboard.press('Enter');
  }
  const each = (Date.now() - began) / (50 * 9);
  await expect(page.getByTestId('debit-total')).toHaveText('75.00');
  // Keys, with what the tester itself needs for each; a lag is felt from 100 ms.
  expect(each).toBeLessThan(100);
});
