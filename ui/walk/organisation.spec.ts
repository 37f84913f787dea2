import type { Page } from '@playwright/test';
import { be, beAt, expect, noBarriers, test } from './window';

async function dark(page: Page): Promise<void> {
  await page.evaluate(() => localStorage.setItem('piaohao.light', 'dark'));
}

test('who works where is found, with posts and their periods', async ({ page }) => {
  await beAt(page, 'quan', '/organisation');
  await page.getByRole('button', { name: '0101 城关支行' }).click();
  await expect(page).toHaveURL(/institution=0101/);
  await expect(page.getByRole('link', { name: 'ana' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'hua' })).toHaveCount(0);
  await noBarriers(page);
  await page.getByRole('searchbox', { name: '柜员号或姓名' }).fill('蔡');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'cai' }).click();
  await expect(page.getByRole('heading', { name: '蔡蔡' })).toBeVisible();
  await expect(page.getByRole('cell', { name: '在任' })).toBeVisible();
  await noBarriers(page);

  // A change is a matter, and its form knows whom it is about.
  await page.getByRole('link', { name: /柜员锁定/ }).click();
  await expect(page.getByRole('heading', { name: '柜员锁定' })).toBeVisible();
  await expect(page.getByText(/蔡蔡 cai/).first()).toBeVisible();
});

test('posts that nobody holds together are shown with the reason', async ({ page }) => {
  await beAt(page, 'he', '/organisation?tab=posts');
  await expect(page.getByRole('heading', { name: /不相容岗位/ })).toBeVisible();
  await expect(page.getByText('管权限的不办业务').first()).toBeVisible();
  await noBarriers(page);
});

test('the matrix says who may do what, and so does a question', async ({ page }) => {
  await be(page, 'he');
  await page.goto('/');
  await dark(page);
  await page.goto('/organisation?tab=rights');
  await expect(page.getByText('设立库房与尾箱')).toBeVisible();
  await expect(page.getByRole('columnheader', { name: '现金管理岗' })).toBeVisible();
  await noBarriers(page);
  await page.getByRole('tab', { name: '谁能办' }).click();
  await page.getByRole('combobox', { name: '事项' }).fill('人行领款');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('row', { name: /双人入库.*库房管库员/ })).toContainText('孔空');
  await noBarriers(page);
  await page.goto('/organisation?tab=who&post=teller');
  await expect(page.getByText('事项以外的权限')).toBeVisible();
  await expect(page.getByText('accounts.read')).toBeVisible();
});
