import { beAt, expect, noBarriers, test } from './window';
import { look, picture } from './picture';

test('the cockpit draws the bank’s own figures, and tells them as tables', async ({ page }) => {
  await beAt(page, 'zong', '/cockpit');
  await expect(page.locator('.cockpit-chart svg')).toHaveCount(6);
  await expect(page.getByRole('img', { name: /^每日记账套数：近 2 个营业日/ })).toBeVisible();
  await noBarriers(page);
  await picture(page, 'cockpit');
  for (const button of await page.getByRole('button', { name: '以表格显示' }).all()) {
    await expect(button).toHaveAttribute('aria-pressed', 'false');
  }
  await page.getByRole('region', { name: '每日记账套数' }).getByRole('button').click();
  await expect(page.getByRole('cell', { name: '20,005' })).toBeVisible();
  await noBarriers(page);
  await page.evaluate(() => localStorage.setItem('piaohao.light', 'dark'));
  await page.reload();
  await expect(page.locator('.cockpit-chart svg')).toHaveCount(6);
  await noBarriers(page);
  await look(page, 'cockpit-dark');
  await page.getByRole('link', { name: /^来自试算平衡表/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: '试算平衡表' })).toBeVisible();
});
