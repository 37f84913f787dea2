import type { Page } from '@playwright/test';
import { PASSWORD, beAt, expect, noBarriers, test } from './window';

interface Box {
  notes: { zh: string; class_zh: string; pieces: number }[];
}

/** Counts what the books have, but for the first denomination, which is `apart` pieces otherwise. */
async function count(page: Page, apart: number): Promise<void> {
  const answer = await page.request.get('/api/v1/places/0101%2Fbox%2Fana');
  const { notes } = (await answer.json()) as Box;
  for (const [at, note] of notes.entries()) {
    const field = page.getByRole('textbox', { name: `清点（张） ${note.zh} ${note.class_zh}` });
    await field.fill(String(note.pieces + (at === 0 ? apart : 0)));
  }
}

test('a teller counts, sees the difference at once, and squares before the supervisor', async ({
  page,
}) => {
  await beAt(page, 'ana', '/square');
  await expect(page.getByRole('heading', { name: '尾箱轧账' })).toBeVisible();
  const outcome = page.getByRole('status');
  await expect(outcome).toContainText('未清点');

  await count(page, -1);
  await expect(outcome).toContainText('短款');
  await page.getByRole('checkbox', { name: /^点见/ }).check();
  await noBarriers(page);

  // The bank has the last word, in its own sentence.
  await page.getByRole('button', { name: '轧账碰库' }).click();
  await expect(page.getByRole('alert')).toContainText('CountDiffers');

  // What was counted is still there after the window was closed.
  await page.reload();
  await expect(outcome).toContainText('短款');
  await count(page, 0);
  await expect(outcome).toContainText('账实相符');

  await page.getByRole('button', { name: '双人签到' }).click();
  const dialog = page.getByRole('dialog', { name: '双人签到' });
  await dialog.getByRole('textbox', { name: '柜员号' }).fill('cai');
  await dialog.locator('input[type=password]').fill(PASSWORD);
  await dialog.getByRole('button', { name: '确认' }).click();
  await expect(page.getByText('蔡蔡（cai）已签')).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await expect(page).toHaveURL(/\/matters\/\d+$/);
  await expect(page.locator('.page-head')).toContainText('办结');

  await page.goto('/square');
  await expect(page.getByText(/柜员日终轧账 GYZZ-\S+ 办结/)).toBeVisible();
});

test('who counts first and compares afterwards does not see the books', async ({ page }) => {
  await beAt(page, 'ana', '/square');
  await page.getByText('日间自查').click();
  await expect(page.getByRole('columnheader', { name: '账面（张）' })).toBeVisible();
  await page.getByRole('checkbox', { name: /先盘后对/ }).check();
  await expect(page.getByRole('columnheader', { name: '账面（张）' })).toHaveCount(0);
  await expect(page.getByRole('status')).toHaveCount(0);
  await noBarriers(page);
});

test('a difference is reported with its notes, and a supervisor only looks', async ({ page }) => {
  await beAt(page, 'ana', '/square');
  await count(page, 2);
  await page.getByRole('link', { name: '登记长短款' }).click();
  await expect(page.getByRole('heading', { name: '网点长短款登记挂账' })).toBeVisible();
  await expect(page.getByTestId('notes-total')).not.toHaveText('CNY 0.00');
  await expect(page.getByText('长款', { exact: true })).toBeVisible();

  await beAt(page, 'cai', '/square');
  await expect(page.getByText('只能查看')).toBeVisible();
  await expect(page.getByRole('button', { name: '轧账碰库' })).toHaveCount(0);
  await noBarriers(page);
});
