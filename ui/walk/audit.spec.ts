import { beAt, expect, noBarriers, test } from './window';
import { look } from './picture';

test('the audit trail is searched, and each fact opened', async ({ page }) => {
  await beAt(page, 'shen', '/audit');
  await expect(page.getByRole('cell', { name: /登录/ }).first()).toBeVisible();
  await noBarriers(page);
  await look(page, 'audit');
  await page.getByRole('combobox', { name: '柜员' }).fill('hua');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/operator=hua/);
  await page.getByRole('combobox', { name: '事件种类' }).fill('办理');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/kind=acted/);
  await expect(page.getByRole('cell', { name: /办理事项/ }).first()).toBeVisible();
  await page.getByRole('button', { name: /展开行|Expand row/ }).first().click();
  await expect(page.getByRole('region', { name: '日志原文' })).toContainText('"office": "acted"');
  await noBarriers(page);
  // What the bank does not know is refused in its own words.
  await page.goto('/audit?kind=no-such-kind');
  await expect(page.getByRole('alert')).toContainText('ValueWrong');
});

test('the chain of the journal is proved', async ({ page }) => {
  await beAt(page, 'shen', '/audit');
  await page.getByRole('button', { name: '校验' }).click();
  await expect(page.getByText(/日志链完整，共 \d+ 块/)).toBeVisible({ timeout: 30_000 });
  await noBarriers(page);
  // The trail is for auditors.
  await beAt(page, 'hua', '/audit');
  await expect(page.getByRole('alert')).toContainText('NotPermitted');
});
