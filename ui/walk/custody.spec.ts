import { look } from './picture';
import { beAt, expect, noBarriers, test } from './window';

test('who holds what is seen from the whole bank down to one number', async ({ page }) => {
  await beAt(page, 'zong', '/custody');
  await expect(page.getByRole('heading', { name: '库存' })).toBeVisible();
  await expect(page.getByText('0101 城关支行')).toBeVisible();
  const sums = page.getByRole('group', { name: '各类场所现金' });
  await expect(sums.getByRole('button', { name: /现金合计/ })).toContainText(/^.*[\d,]+\.\d\d$/);
  await noBarriers(page);

  // A kind of place is chosen by its sum, and stands in the address.
  await sums.getByRole('button', { name: /柜员尾箱/ }).click();
  await expect(page).toHaveURL(/kind=box/);
  await expect(page.getByRole('link', { name: '业务库（总库）' })).toHaveCount(0);
  await page.getByRole('link', { name: /柜员尾箱 · 安娜/ }).click();

  await expect(page.getByRole('heading', { name: /城关支行 · 柜员尾箱 · 安娜/ })).toBeVisible();
  await expect(page.getByTestId('place-total')).toHaveText(/^CNY [\d,]+\.\d\d$/);
  await expect(page.getByText('壹佰元纸币')).toBeVisible();
  await page.getByRole('textbox', { name: '输入号码' }).fill('7');
  await noBarriers(page);
  await page.getByRole('link', { name: '查 D00000007' }).click();

  await expect(page.getByRole('heading', { name: /储蓄存单 D00000007/ })).toBeVisible();
  await expect(page.getByText('城关支行 · 柜员尾箱 · 安娜').first()).toBeVisible();
  await noBarriers(page);

  // What it has gone through leads to the matter that moved it.
  const history = page.getByRole('region', { name: '流转历史' });
  await expect(history.getByText(/→ 城关支行 · 柜员尾箱 · 安娜/)).toBeVisible();
  await look(page, 'thing');
  await history.getByRole('link').first().click();
  await expect(page).toHaveURL(/\/matters\/\d+$/);
  await expect(page.getByText('流转记录')).toBeVisible();
});

test('a number is found by its kind, and the bank says where none is', async ({ page }) => {
  await beAt(page, 'ana', '/custody');
  const number = page.getByRole('searchbox', { name: '号码' });
  await number.fill('certificate:D00000003');
  await number.press('Enter');
  await expect(page.getByRole('heading', { name: /储蓄存单 D00000003/ })).toBeVisible();
  await page.getByRole('searchbox', { name: '号码' }).fill('certificate:D00999999');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('NotFound');
});

test('from a place one opens what moves its things, and the form knows the place', async ({
  page,
}) => {
  await beAt(page, 'ana', '/custody/place?of=0101/box/ana');
  await page.getByRole('link', { name: /柜员缴现/ }).click();
  await expect(page.getByRole('heading', { name: '柜员缴现' })).toBeVisible();
  await expect(page.getByText('城关支行 · 柜员尾箱 · 安娜').first()).toBeVisible();
});
