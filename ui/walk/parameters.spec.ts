import { beAt, expect, noBarriers, open, be, test } from './window';

test('a parameter is found while one types, with its values and where they come from', async ({
  page,
}) => {
  await beAt(page, 'can', '/parameters');
  await page.getByRole('textbox', { name: '按名称' }).fill('尾箱现金限额');
  await expect(page.getByText('200,000 元')).toBeVisible();
  await noBarriers(page);
  await page.getByRole('link', { name: '柜员尾箱现金限额' }).click();
  await expect(page.getByRole('heading', { name: '柜员尾箱现金限额' })).toBeVisible();
  await expect(page.getByRole('cell', { name: '现行' })).toBeVisible();
  await expect(page.getByText('本行自定')).toBeVisible();
  await noBarriers(page);

  // The form of the change knows which parameter it is about.
  await page.getByRole('link', { name: /参数变更/ }).click();
  await expect(page.getByRole('textbox', { name: '参数代码' })).toHaveValue('cash.box_limit');
});

test('values that nobody has verified yet are told apart', async ({ page }) => {
  await beAt(page, 'he', '/parameters?unsure=1');
  await expect(page.getByText('! 待核实').first()).toBeVisible();
  await expect(page.getByText('已核实', { exact: true })).toHaveCount(0);
  await noBarriers(page);
});

test('a change that was checked shows as a value to come', async ({ page }) => {
  const csrf = await be(page, 'can');
  const fields = {
    code: 'cash.box_limit',
    value: '180000',
    from: '2026-02-01',
    basis: '运营〔2026〕1号',
    reason: '压降尾箱限额',
    risk: 'normal',
  };
  const id = await open(page.request, csrf, 'PARM-101', fields);
  await beAt(page, 'cen', `/matters/${id}`);
  await page.getByRole('button', { name: '复核', exact: true }).click();
  await expect(page.locator('.page-head')).toContainText('办结');
  await page.goto('/parameters/one?of=cash.box_limit');
  await expect(page.getByRole('row', { name: /待生效 2026-02-01/ })).toContainText('180,000 元');
  await expect(page.getByRole('row', { name: /现行/ })).toContainText('2026-01-31');
  await page.goto('/parameters?changes=1');
  await expect(page.getByRole('link', { name: '柜员尾箱现金限额' })).toBeVisible();
});
