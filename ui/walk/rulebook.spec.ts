import { be, beAt, expect, noBarriers, test } from './window';

test('a kind of matter is read: its steps as a picture, why it is so, its cases and its file', async ({
  page,
}) => {
  await beAt(page, 'zhi', '/rulebook');
  await expect(page.getByText('制度检查通过')).toBeVisible({ timeout: 30_000 });
  await noBarriers(page);
  await page.getByRole('textbox', { name: '按名称' }).fill('尾箱寄库');
  await page.getByRole('link', { name: '尾箱寄库' }).click();
  await expect(page.getByRole('heading', { name: '尾箱寄库' })).toBeVisible();
  await expect(page.getByRole('img', { name: /双人封箱 → 交押运 → 验封入库/ })).toBeVisible();
  await expect(page.getByText('加封的尾箱由押运送库')).toBeVisible();
  await noBarriers(page);
  await page.getByRole('tab', { name: '栏目' }).click();
  await expect(page.getByRole('cell', { name: 'seal_no' })).toBeVisible();
  await page.getByRole('tab', { name: '案例' }).click();
  await expect(page.getByText('> as ana+cai open CASH-051').first()).toBeVisible();
  await noBarriers(page);
  await page.getByRole('tab', { name: 'teller/box_store.toml' }).click();
  await expect(page.getByText('kind   = "matter"')).toBeVisible();
  await noBarriers(page);
});

test('a file is reached by its own address, also anew', async ({ page }) => {
  await beAt(page, 'can', '/rulebook/file?of=cash/limits.toml');
  await expect(page.getByText('cash.box_limit')).toBeVisible();
  await page.reload();
  await expect(page.getByText('cash.box_limit')).toBeVisible();
  await noBarriers(page);
});

test('every duty says which files serve it and which cases walk them', async ({ page }) => {
  await beAt(page, 'he', '/coverage');
  await expect(page.getByText(/共 \d{3,} 条/)).toBeVisible({ timeout: 30_000 });
  await noBarriers(page);
  await page.getByRole('button', { name: /未落实/ }).click();
  await expect(page).toHaveURL(/standing=not_served/);
  await page.goto('/coverage?q=S125');
  await expect(page.getByText('共 1 条')).toBeVisible();
  await page.getByRole('button', { name: /展开/ }).click();
  await page.getByRole('link', { name: 'teller/box_store.md' }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByText('> as ana+cai open CASH-051').first()).toBeVisible();
});

test('every kind of matter has a picture of its steps, in both lights', async ({ page }) => {
  test.setTimeout(180_000);
  await be(page, 'zong');
  const answer = await page.request.get('/api/v1/matter-kinds');
  const kinds = (await answer.json()) as { code: string; title: { zh: string } }[];
  await page.goto('/');
  await page.evaluate(() => localStorage.setItem('piaohao.light', 'dark'));
  await page.goto('/rulebook/matters/PARM-101');
  await noBarriers(page);
  for (const { code, title } of kinds) {
    await page.evaluate((to) => history.pushState(null, '', to), `/rulebook/matters/${code}`);
    await expect(page.getByRole('heading', { level: 1, name: title.zh, exact: true })).toBeVisible();
    await expect(page.locator('.diagram svg rect').first()).toBeVisible();
  }
});
