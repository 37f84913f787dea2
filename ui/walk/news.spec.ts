import { be, beAt, expect, open, test } from './window';

test('what comes to the queue shows at once, without asking', async ({ page, browser }) => {
  await beAt(page, 'gao', '/');
  const count = page.getByTestId('count-mine').locator('.count-figure');
  await expect(count).toHaveText(/\d/);
  const before = Number(await count.textContent());
  // Questions asked at intervals would take fifteen seconds.
  await page.waitForTimeout(1000);
  const other = await browser.newPage({ baseURL: process.env.WALK_URL ?? '' });
  const csrf = await be(other, 'hua');
  await open(other.request, csrf, 'CASH-030', { vault: '0000/vault', notes: ['100:1000'] });
  await expect(count).toHaveText(String(before + 1), { timeout: 6000 });
  await other.close();
});

test('where the stream is refused, the page asks at intervals', async ({ page, browser }) => {
  await page.route('**/api/v1/events', (route) => route.fulfill({ status: 503, body: '' }));
  await beAt(page, 'gao', '/');
  const count = page.getByTestId('count-mine').locator('.count-figure');
  await expect(count).toHaveText(/\d/);
  const before = Number(await count.textContent());
  const other = await browser.newPage({ baseURL: process.env.WALK_URL ?? '' });
  const csrf = await be(other, 'hua');
  await open(other.request, csrf, 'CASH-030', { vault: '0000/vault', notes: ['100:1000'] });
  await expect(count).toHaveText(String(before + 1), { timeout: 25_000 });
  await other.close();
});
