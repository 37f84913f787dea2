import { PASSWORD, beAt, expect, noBarriers, test } from './window';

test('cash is drawn from the central bank by its people', async ({ page }) => {
  await beAt(page, 'hua', '/matters/new');
  await page.getByRole('textbox', { name: '输入名称或代码' }).fill('人行领款');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: '人行领款' })).toBeVisible();

  // 券别 adds up while it is typed.
  await page.getByRole('textbox', { name: '券别 壹佰元纸币 完整券（张）' }).fill('2000');
  await page.getByRole('textbox', { name: '券别 拾元纸币 完整券（张）' }).fill('1000');
  await expect(page.getByTestId('notes-total')).toHaveText('CNY 210,000.00');
  await expect(page.getByText('贰拾壹万元整')).toBeVisible();

  // What the bank refuses stands at the field, in its own words.
  await page.getByRole('textbox', { name: '券别 拾元纸币 完整券（张）' }).fill('7');
  await page.getByRole('button', { name: '提交' }).click();
  await expect(page.locator('.ant-form-item-explain-error')).toHaveText(/整把整捆/);
  await page.getByRole('textbox', { name: '券别 拾元纸币 完整券（张）' }).fill('1000');
  await page.getByRole('button', { name: '提交' }).click();
  await expect(page).toHaveURL(/\/matters\/\d+$/);
  const address = new URL(page.url()).pathname;

  // Whoever ordered it does not approve it, and is told why.
  await expect(page.getByText('柜员 hua 不任机构 0000 的岗位 cash_head')).toBeVisible();
  await expect(page.getByRole('button', { name: '退回' })).toBeDisabled();
  await noBarriers(page);

  await beAt(page, 'gao', '/');
  await page.getByRole('link', { name: /RHLK-/ }).first().click();
  await page.getByRole('textbox', { name: '备注' }).fill('同意');
  await page.getByRole('button', { name: '审批', exact: true }).click();
  await expect(page.locator('[aria-current=step]')).toContainText('双人入库');
  await expect(page.getByText('同意')).toBeVisible();

  await beAt(page, 'kong', address);
  await page.getByRole('textbox', { name: '现金支票号' }).fill('XJ20260107');
  const second = async (operator: string) => {
    await page.getByRole('button', { name: '双人签到' }).click();
    const dialog = page.getByRole('dialog', { name: '双人签到' });
    await dialog.getByRole('textbox', { name: '柜员号' }).fill(operator);
    await dialog.locator('input[type=password]').fill(PASSWORD);
    await dialog.getByRole('button', { name: '确认' }).click();
    return dialog;
  };
  // One person is not two.
  const dialog = await second('kong');
  await expect(dialog.getByRole('alert')).toContainText('SameOperator');
  await dialog.getByRole('button', { name: /关闭|Close/ }).click();
  await second('kuang');
  await expect(page.getByText('邝旷（kuang）已签')).toBeVisible();
  // What it will move and post is seen before it is done.
  await page.getByRole('button', { name: '试算' }).click();
  const seen = page.getByTestId('preview');
  await expect(seen).toContainText('提交后即办成');
  await expect(seen.locator('tfoot')).toContainText('210,000.00');
  await noBarriers(page);
  await page.getByRole('button', { name: '双人入库', exact: true }).click();

  await expect(page.getByText('办结').first()).toBeVisible();
  await expect(page.getByText('流转记录')).toBeVisible();
  await expect(page.getByText('记账凭证', { exact: true })).toBeVisible();
  await noBarriers(page);
});

test('a step goes back with a reason and comes again', async ({ page }) => {
  await beAt(page, 'hua', '/matters/new/CASH-030');
  await page.getByRole('textbox', { name: '券别 伍拾元纸币 完整券（张）' }).fill('1000');
  await page.getByRole('button', { name: '提交' }).click();
  await expect(page).toHaveURL(/\/matters\/\d+$/);
  const address = new URL(page.url()).pathname;
  await beAt(page, 'gao', address);
  await page.getByRole('button', { name: '退回' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '退回' }).click();
  await expect(dialog.getByText('必填')).toBeVisible();
  await dialog.getByRole('textbox', { name: '理由' }).fill('张数不足');
  await dialog.getByRole('button', { name: '退回' }).click();
  await expect(page.locator('[aria-current=step]')).toContainText('预约');
  await expect(page.getByText('张数不足')).toBeVisible();

  await beAt(page, 'hua', address);
  const fifties = page.getByRole('textbox', { name: '券别 伍拾元纸币 完整券（张）' });
  await expect(fifties).toHaveValue('1000');
  await fifties.fill('3000');
  await page.getByRole('button', { name: '预约', exact: true }).click();
  await expect(page.locator('[aria-current=step]')).toContainText('审批');
  await expect(page.getByText('150,000.00').first()).toBeVisible();
});

test('a draft waits, is changed by whoever keeps it, and typing survives the window', async ({
  page,
}) => {
  await beAt(page, 'hua', '/matters/new/CASH-030');
  const tens = page.getByRole('textbox', { name: '券别 拾元纸币 完整券（张）' });
  await tens.fill('4000');
  await page.reload();
  await expect(page.getByText('已恢复上次未提交的内容')).toBeVisible();
  await expect(tens).toHaveValue('4000');
  await page.keyboard.press('Control+s');
  await expect(page).toHaveURL(/\/matters\/\d+$/);
  await expect(tens).toHaveValue('4000');
  await page.getByRole('button', { name: '作废' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: '理由' }).fill('不领了');
  await page.getByRole('dialog').getByRole('button', { name: '作废' }).click();
  await expect(page.locator('.page-head .word')).toBeVisible();
  await expect(page.getByText('不领了')).toBeVisible();
});
