import { beAt, expect, noBarriers, test } from './window';

test('a voucher is written by one, checked by another and allowed by a third', async ({ page }) => {
  await beAt(page, 'ren', '/matters/new');
  await page.getByRole('textbox', { name: '输入名称或代码' }).fill('GL-103');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: '手工凭证' })).toBeVisible();
  await page.getByRole('textbox', { name: '摘要' }).fill('更正上年少计费用');
  await page.getByRole('textbox', { name: '原始凭证号' }).fill('FP-2026-009');
  await page.getByLabel('附件张数').fill('1');
  const lines = [
    ['0000.CNY.6901.01', '借'],
    ['0000.CNY.1003-01.01', '贷'],
  ] as const;
  for (const [at, [account, side]] of lines.entries()) {
    await page.getByRole('button', { name: '增行' }).click();
    await page.getByRole('combobox', { name: `分录 ${String(at + 1)} 账号` }).fill(account);
    await page.keyboard.press('Escape');
    await page.getByRole('combobox', { name: `分录 ${String(at + 1)} 借贷` }).click();
    await page.locator('.ant-select-dropdown:visible').getByTitle(side, { exact: true }).click();
    await page.getByRole('textbox', { name: `分录 ${String(at + 1)} 金额` }).fill('860');
  }
  await noBarriers(page);
  await page.getByRole('button', { name: '提交' }).click();
  await expect(page).toHaveURL(/\/matters\/\d+$/);
  const address = new URL(page.url()).pathname;

  // Whoever wrote it does not check it, and is told why.
  const check = page.getByRole('button', { name: '复核', exact: true });
  await expect(page.getByText(/柜员 ren 不任机构 0000 的岗位 accounting_checker/)).toBeVisible();
  await expect(check).toBeHidden();

  await beAt(page, 'rong', address);
  await check.click();
  await expect(page.locator('[aria-current=step]')).toContainText('授权记账');

  await beAt(page, 'su', address);
  await page.getByRole('button', { name: '授权记账', exact: true }).click();
  await expect(page.getByText('办结').first()).toBeVisible();
  await page
    .getByRole('link', { name: /^#?\d+$/ })
    .last()
    .click();
  await expect(page.getByRole('heading', { level: 1, name: /^记账凭证 #/ })).toBeVisible();
  await expect(page.getByText('860.00').first()).toBeVisible();
  for (const hand of ['任仁', '荣容', '苏苏']) {
    await expect(page.getByRole('definition').filter({ hasText: hand })).toBeVisible();
  }
});
