import { be, beAt, expect, noBarriers, test } from './window';
import { look } from './picture';

async function someAccount(page: Parameters<typeof be>[0], operator: string): Promise<string> {
  await be(page, operator);
  const answer = await page.request.get('/api/v1/accounts?q=6299&institution=0101&limit=5');
  const { accounts } = (await answer.json()) as { accounts: { number: string }[] };
  const number = accounts.at(-1)?.number;
  if (!number) throw new Error('the demonstration has accounts');
  return number;
}

test('an account is held, refused at the field, released, and changes its status', async ({
  page,
}) => {
  const number = await someAccount(page, 'cai');
  await page.goto(`/accounts/${number}`);
  await page.getByRole('button', { name: '止付冻结' }).click();
  let dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: '金额' }).fill('12.345');
  await dialog.getByRole('textbox', { name: '有权机关或依据' }).fill('城关人民法院');
  await dialog.getByRole('textbox', { name: '通知书号' }).fill('（2026）执1号');
  await noBarriers(page);
  await page.keyboard.press('Control+Enter');
  await expect(dialog.locator('.ant-form-item-explain-error')).toBeVisible();
  await dialog.getByRole('textbox', { name: '金额' }).fill('12.34');
  await page.keyboard.press('Control+Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('cell', { name: '城关人民法院' })).toBeVisible();
  await noBarriers(page);
  await look(page, 'account');
  await page.getByRole('button', { name: /^解除 \d+/ }).click();
  dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: '理由' }).fill('已执行');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('没有止付或冻结')).toBeVisible();

  await page.getByRole('button', { name: '变更状态' }).click();
  dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: '新状态' }).click();
  await page.getByTitle('只收不付').click();
  await dialog.getByRole('textbox', { name: '理由' }).fill('客户申请');
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('.page-head').getByText('只收不付')).toBeVisible();
});

test('lines and the statement over a period, as a table, a file and paper', async ({ page }) => {
  const number = await someAccount(page, 'ren');
  await page.goto(`/accounts/${number}`);
  // An accountant reads; holds and status are not theirs.
  await expect(page.getByRole('button', { name: '止付冻结' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: '变更状态' })).toHaveCount(0);
  await page.getByRole('tab', { name: '明细' }).click();
  await expect(page.getByText('开户存现').first()).toBeVisible();
  await noBarriers(page);
  await page.getByRole('tab', { name: '对账单' }).click();
  await expect(page.getByText('本期合计')).toBeVisible();
  await expect(page).toHaveURL(/view=statement/);
  await noBarriers(page);
  const waits = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Excel' }).click();
  expect((await waits).suggestedFilename()).toMatch(/\.xlsx$/);
  await page.goto(`/accounts/${number}?view=statement&from=2026-01-31&to=2026-01-01`);
  await expect(page.getByRole('alert')).toBeVisible();
});

test('lines of a busy account come page by page', async ({ page }) => {
  await beAt(page, 'ren', '/accounts/0101.CNY.1003-01.01?view=lines');
  await expect(page.getByText('共 50 条')).toBeVisible();
  await page.getByRole('button', { name: '下一页' }).click();
  await expect(page).toHaveURL(/cursor=/);
  await expect(page.getByRole('button', { name: '上一页' })).toBeEnabled();
  await page.getByRole('button', { name: '上一页' }).click();
  await expect(page).not.toHaveURL(/cursor=/);
  // Links that somebody kept had their dots written out.
  await page.goto('/accounts/0101%2ECNY%2E1003-01%2E01?view=lines');
  await expect(page.getByText('共 50 条')).toBeVisible();
});
