import { be, beAt, expect, noBarriers, test } from './window';
import { look, picture } from './picture';

test('from the trial balance down to an entry and the matter that made it', async ({ page }) => {
  await beAt(page, 'su', '/reports');
  await noBarriers(page);
  await look(page, 'reports');
  await page.getByRole('textbox', { name: '按名称查找' }).fill('试算');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: '试算平衡表' })).toBeVisible();
  await expect(page.getByText(/试算平衡：期初余额/)).toBeVisible();
  await noBarriers(page);
  await picture(page, 'trial-balance');
  await page.getByRole('link', { name: '1001', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: '余额表' })).toBeVisible();
  await page.getByRole('link', { name: '0101.CNY.1001-02.01' }).click();
  await expect(page.getByRole('tab', { name: '对账单', selected: true })).toBeVisible();
  await expect(page.getByText('期末余额').first()).toBeVisible();
  await noBarriers(page);
  await look(page, 'statement');
  await page.getByRole('link', { name: /^\d+$/ }).last().click();
  await expect(page.getByRole('heading', { level: 1, name: /^记账凭证 #/ })).toBeVisible();
  await noBarriers(page);
  await page.getByRole('link', { name: /现金|柜员|长短款/ }).first().click();
  await expect(page).toHaveURL(/\/matters\/\d+$/);
  await expect(page.getByText('流转记录')).toBeVisible();
});

test('from a row of the balance sheet down to a matter', async ({ page }) => {
  await beAt(page, 'su', '/reports/balance-sheet');
  await page.getByRole('link', { name: '现金及存放中央银行款项' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '科目余额表' })).toBeVisible();
  await noBarriers(page);
  await look(page, 'subject-balances');
  await page.getByRole('link', { name: '1001', exact: true }).click();
  await page.getByRole('link', { name: '0101.CNY.1001-02.01' }).click();
  await page.getByRole('link', { name: /^\d+$/ }).last().click();
  await expect(page.getByRole('heading', { level: 1, name: /^记账凭证 #/ })).toBeVisible();
  await page.getByRole('link', { name: /现金|柜员|长短款/ }).first().click();
  await expect(page).toHaveURL(/\/matters\/\d+$/);
  await expect(page.getByText('流转记录')).toBeVisible();
});

test('a report is asked for, refused at its field, taken out and printed', async ({ page }) => {
  await beAt(page, 'su', '/reports/general-ledger');
  await expect(page.getByText('请先填写查询条件')).toBeVisible();
  await page.getByRole('button', { name: '查询' }).click();
  await expect(page.getByText('必填')).toBeVisible();
  await page.getByRole('textbox', { name: '科目' }).fill('9999999');
  await page.keyboard.press('Enter');
  await expect(page.locator('.ant-form-item-explain-error')).toContainText('9999999');
  await page.getByRole('textbox', { name: '科目' }).fill('2011');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/subject=2011/);
  await expect(page.getByText('本期合计')).toBeVisible();
  await noBarriers(page);
  for (const [button, ending] of [
    ['Excel', 'xlsx'],
    ['CSV', 'csv'],
  ] as const) {
    const waits = page.waitForEvent('download');
    await page.getByRole('button', { name: button }).click();
    expect((await waits).suggestedFilename()).toMatch(new RegExp(`^总账.*\\.${ending}$`));
  }
  const paper = await page.pdf({ format: 'A4', preferCSSPageSize: true });
  expect(paper.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
});

test('registers of the office are shown to who may read them', async ({ page }) => {
  await be(page, 'zong');
  await page.goto('/reports');
  await page.getByRole('link', { name: '待办账龄表' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '待办账龄表' })).toBeVisible();
  await expect(page.getByRole('columnheader', { name: '超时' })).toBeVisible();
  await noBarriers(page);
  await page.goto('/reports/office/voucher-issues');
  await expect(page.getByRole('columnheader').first()).toBeVisible();
  await noBarriers(page);
  // A teller reads no books.
  await beAt(page, 'ana', '/reports');
  await expect(page.getByText('账簿报表')).toHaveCount(0);
});
