import { look } from './picture';
import { PASSWORD, be, beAt, expect, noBarriers, test } from './window';

test('somebody of the demonstration is chosen and signs in', async ({ page }) => {
  await page.goto('/');
  await noBarriers(page);
  await page.getByRole('textbox', { name: '按姓名' }).fill('现金管理岗');
  await page.getByRole('button', { name: '选用 hua' }).click();
  await page.getByRole('button', { name: '签到', exact: true }).click();
  await expect(page.getByRole('heading', { name: '待办' })).toBeVisible();
  await expect(page.getByText('示范农商银行').first()).toBeVisible();
  await expect(page.getByText('2026-01-07').first()).toBeVisible();
  await expect(page.getByText('营业中')).toBeVisible();
});

test('a wrong password is refused in the bank’s words, and in English if one likes', async ({
  page,
}) => {
  await page.goto('/');
  const tryIt = async (button: string) => {
    await page.getByRole('textbox', { name: /^(柜员号|Operator number)$/ }).fill('hua');
    await page.locator('input[type=password]').fill('wrong-Password-1');
    await page.getByRole('button', { name: button, exact: true }).click();
  };
  await tryIt('签到');
  await expect(page.getByRole('alert')).toContainText('SignInFailed');
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'Demonstration Rural Commercial Bank',
  );
  await tryIt('Sign in');
  await expect(page.getByRole('alert')).toContainText('SignInFailed');
});

test('the screen is locked and unlocked, and what was typed is still there', async ({ page }) => {
  await beAt(page, 'hua', '/matters/new/CASH-030');
  const hundreds = page.getByRole('textbox', { name: '券别 壹佰元纸币 完整券（张）' });
  await hundreds.fill('1000');
  await page.keyboard.press('Control+l');
  await expect(page.getByRole('dialog', { name: '屏幕已锁定' })).toBeVisible();
  await page.locator('input[type=password]').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(hundreds).toHaveValue('1000');
});

test('a session that ends in the middle costs nothing', async ({ page }) => {
  await beAt(page, 'hua', '/matters/new/CASH-030');
  await page.getByRole('textbox', { name: '券别 伍拾元纸币 完整券（张）' }).fill('2000');
  await page.context().clearCookies();
  await page.getByRole('button', { name: '提交' }).click();
  await expect(page.getByRole('dialog', { name: '登录已过期' })).toBeVisible();
  await page.locator('input[type=password]').fill(PASSWORD);
  await page.keyboard.press('Enter');
  // The request that waited goes on by itself, once.
  await expect(page.getByText(/RHLK-20260107-\d+/).first()).toBeVisible();
  await expect(page).toHaveURL(/\/matters\/\d+$/);
});

test('a second factor is set up from a QR code or from its letters', async ({ page }) => {
  await be(page, 'hua');
  // The demonstration demands none; nothing counts before its first code was confirmed.
  await page.route(/\/api\/v1\/session$/, async (route) => {
    const response = await route.fetch();
    const session = (await response.json()) as Record<string, unknown>;
    await route.fulfill({ response, json: { ...session, must_set_factor: true } });
  });
  await page.goto('/');
  await page.locator('input[type=password]').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('img', { name: '动态码二维码' })).toBeVisible();
  await expect(page.getByText(/^[A-Z2-7]{16,}$/)).toBeVisible();
  await noBarriers(page);
  await look(page, 'second-factor');
});

test('the menu shows each what is theirs', async ({ page }) => {
  await be(page, 'hua');
  await page.goto('/');
  const menu = page.getByRole('navigation', { name: '功能菜单' });
  await expect(menu.getByText('现金管理')).toBeVisible();
  await expect(menu.getByText('账户查询')).toHaveCount(0);
  await be(page, 'ren');
  await page.goto('/');
  await expect(menu.getByText('凭证录入')).toBeVisible();
  await expect(menu.getByText('账户查询')).toBeVisible();
});
