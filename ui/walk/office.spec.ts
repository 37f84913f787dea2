import type { Page } from '@playwright/test';
import { picture } from './picture';
import { be, beAt, expect, noBarriers, test } from './window';

/** Pages of the office, each with somebody who may see it. */
const PAGES: [operator: string, path: string][] = [
  ['zong', '/custody'],
  ['zong', '/custody/place?of=0000/vault'],
  ['zong', '/custody/place?of=used'],
  ['zong', '/custody/thing?of=certificate:D00000001'],
  ['ana', '/square'],
  ['zong', '/organisation'],
  ['zong', '/organisation?tab=posts'],
  ['zong', '/organisation?tab=rights'],
  ['zong', '/organisation?tab=who&post=teller'],
  ['zong', '/organisation/operator?of=kong'],
  ['zong', '/parameters'],
  ['zong', '/parameters/one?of=rate.loan.long'],
  ['zong', '/rulebook'],
  ['zong', '/rulebook/matters/CASH-080'],
  ['zong', '/rulebook/file?of=teller/box_store.md'],
  ['zong', '/coverage'],
  ['zong', '/matters?state=ended'],
];

async function choose(page: Page, light: string, language: string): Promise<void> {
  await page.goto('/');
  await page.evaluate(
    ([lit, spoken]) => {
      localStorage.setItem('piaohao.light', lit ?? '');
      localStorage.setItem('piaohao.language', spoken ?? '');
    },
    [light, language],
  );
}

for (const [light, language] of [
  ['dark', 'en'],
  ['light', 'zh'],
] as const) {
  test(`every page of the office is without barriers, ${light} and in ${language}`, async ({
    page,
  }) => {
    test.setTimeout(180_000);
    let here = '';
    for (const [operator, path] of PAGES) {
      if (operator !== here) {
        await be(page, operator);
        await choose(page, light, language);
        here = operator;
      }
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(page.locator('.ant-spin-spinning')).toHaveCount(0, { timeout: 30_000 });
      // Nothing hangs over the edge of a small screen.
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(over, path).toBeLessThanOrEqual(0);
      await noBarriers(page);
    }
  });
}

test('pages and things are found by the search', async ({ page }) => {
  await beAt(page, 'zong', '/');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('职责覆盖');
  await expect(page.getByRole('option', { name: /职责覆盖/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: '职责覆盖' })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('certificate:D00000005');
  await expect(page.getByRole('option', { name: /D00000005/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: /储蓄存单 D00000005/ })).toBeVisible();
});

test('what one may not see is not in the menu, and the bank says so', async ({ page }) => {
  await beAt(page, 'ana', '/');
  const menu = page.getByRole('navigation', { name: '功能菜单' });
  await expect(menu.getByText('尾箱轧账')).toBeVisible();
  for (const hidden of ['机构与岗位', '参数', '职责覆盖']) {
    await expect(menu.getByText(hidden, { exact: true })).toHaveCount(0);
  }
  await page.goto('/parameters');
  await expect(page.getByRole('alert')).toContainText('NotPermitted');
});

test('pictures of the office', async ({ page }) => {
  await beAt(page, 'zong', '/custody');
  await expect(page.getByText('0101 城关支行')).toBeVisible();
  await picture(page, 'custody');
  await page.goto('/organisation?tab=rights');
  await expect(page.getByText('设立库房与尾箱')).toBeVisible();
  await picture(page, 'rights');
  await page.goto('/parameters');
  await expect(page.getByText(/共 \d{3,} 条/)).toBeVisible();
  await picture(page, 'parameters');
  await page.goto('/rulebook/matters/CASH-051');
  await expect(page.locator('.diagram svg rect').first()).toBeVisible();
  await picture(page, 'rulebook');
  await page.goto('/coverage');
  await expect(page.getByText(/共 \d{3,} 条/)).toBeVisible({ timeout: 30_000 });
  await picture(page, 'coverage');
  await beAt(page, 'hai', '/square');
  await page.getByRole('textbox', { name: '清点（张） 壹佰元纸币 完整券' }).fill('700');
  await picture(page, 'square');
});
