import { readFileSync } from 'node:fs';
import { beAt, expect, noBarriers, test } from './window';

test('a list is kept as a view with its order and columns, and forgotten', async ({ page }) => {
  await beAt(page, 'deng', '/matters?state=ended');
  await page.getByRole('combobox', { name: '事项' }).fill('柜员领现');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/code=CASH-010/);

  // Ordered by a column, once up and once down.
  await page.getByRole('columnheader', { name: '金额' }).click();
  await expect(page).toHaveURL(/sort=value-/);
  await page.getByRole('columnheader', { name: '金额' }).click();
  await expect(page).toHaveURL(/sort=-value-/);

  // A column that nobody reads is put away.
  await page.getByRole('combobox', { name: '显示的栏目' }).click();
  await page.getByTitle('发起日期').click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('columnheader', { name: '发起日期' })).toHaveCount(0);

  await page.getByRole('button', { name: '存为视图' }).click();
  await page.getByRole('searchbox', { name: '视图名称' }).fill('柜员领现记录');
  await page.keyboard.press('Enter');
  const views = page.getByRole('group', { name: '视图' });
  await expect(views.getByRole('button', { name: '柜员领现记录', exact: true })).toBeVisible();
  await noBarriers(page);

  await page.goto('/matters');
  await views.getByRole('button', { name: '柜员领现记录', exact: true }).click();
  await expect(page).toHaveURL(/code=CASH-010.*sort=-value-.*state=ended/);
  await expect(page.getByRole('columnheader', { name: '发起日期' })).toHaveCount(0);

  // Views are each operator's own.
  await beAt(page, 'cai', '/matters');
  await expect(page.getByRole('button', { name: '柜员领现记录', exact: true })).toHaveCount(0);
  await beAt(page, 'deng', '/matters');
  await views.getByRole('button', { name: '删除视图“柜员领现记录”' }).click();
  await expect(views.getByRole('button', { name: '柜员领现记录', exact: true })).toHaveCount(0);
});

test('the whole list is written to a file, in the order that is shown', async ({ page }) => {
  await beAt(page, 'deng', '/matters?state=ended&sort=number');
  await expect(page.getByRole('link', { name: /GY/ }).first()).toBeVisible();
  const waits = page.waitForEvent('download');
  await page.getByRole('button', { name: '导出 CSV' }).click();
  const text = readFileSync(await (await waits).path(), 'utf8');
  const [head, ...rows] = text.trim().split('\r\n');
  expect(head).toContain('事项编号');
  const numbers = rows.map((row) => row.split(',')[0] ?? '');
  expect(numbers.length).toBeGreaterThan(3);
  expect(numbers).toEqual([...numbers].sort((a, b) => a.localeCompare(b, 'zh')));
});

test('the menu says how much waits', async ({ page }) => {
  await beAt(page, 'gao', '/');
  const waiting = await page.getByTestId('count-mine').locator('.count-figure').textContent();
  if (Number(waiting) > 0) {
    await expect(page.getByRole('img', { name: new RegExp(`^${waiting} 件待办`) })).toBeVisible();
    await expect(page).toHaveTitle(new RegExp(`^\\(${waiting}\\) `));
  }
  await noBarriers(page);
});

test('the whole list is ordered by age, and a page by what else it shows', async ({ page }) => {
  await beAt(page, 'zong', '/matters?state=ended');
  const first = page.getByRole('row').nth(1).getByRole('link').first();
  const newest = await first.textContent();
  const opened = page.getByRole('columnheader', { name: '发起日期' });
  await opened.click();
  await expect(page).toHaveURL(/sort=opened/);
  await expect(first).not.toHaveText(newest ?? '');
  await opened.click();
  await expect(page).toHaveURL(/sort=-opened/);
  await expect(first).toHaveText(newest ?? '');
  await expect(page.getByText(/此列只对本页排序/)).toHaveCount(0);
  await page.getByRole('columnheader', { name: '编号' }).click();
  await expect(page.getByText(/此列只对本页排序/)).toBeVisible();
  await noBarriers(page);
});
