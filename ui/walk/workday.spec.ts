// The operations desk. It closes a day, so its name puts it behind the walks that need that day open.
import { be, beAt, expect, noBarriers, test } from './window';
import { look, picture } from './picture';

test('institutions stop and go on, and who may not is told so', async ({ page }) => {
  await beAt(page, 'su', '/day');
  await expect(page.getByTestId('phase')).toHaveText('营业中');
  await noBarriers(page);
  await picture(page, 'day');
  await page.getByRole('textbox', { name: '按机构号或名称查找' }).fill('0113');
  await page.getByRole('button', { name: '签退 0113' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '签退', exact: true }).click();
  await expect(page.getByTestId('institutions-count')).toContainText('已签退 1 家');
  await page.getByRole('button', { name: '撤销签退 0113' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '撤销签退' }).click();
  await expect(dialog.getByText('必填')).toBeVisible();
  await dialog.getByRole('textbox', { name: '理由' }).fill('尚有一笔汇款');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByTestId('institutions-count')).toContainText('已签退 0 家');
  // Whoever reads the books sees the desk and runs nothing.
  await beAt(page, 'ren', '/day');
  await expect(page.getByRole('button', { name: '日终', exact: true })).toBeDisabled();
  await expect(page.getByTitle('您的岗位无权办理')).toBeVisible();
});

test('the day is closed and the next one opened', async ({ page }) => {
  await beAt(page, 'su', '/day');
  const date = (await page.getByTestId('business-date').textContent())?.trim() ?? '';
  await page.getByRole('button', { name: '全行签退' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '全行签退' }).click();
  await expect(page.getByText('机构已全部签退').last()).toBeVisible();
  await page.getByRole('button', { name: '继续日终' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '日终', exact: true }).click();
  await expect(page.getByText('日终完成')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByTestId('phase')).toHaveText('已日终');
  await expect(page.getByText('日切')).toBeVisible();
  await noBarriers(page);
  await look(page, 'day-closed');

  // The certificate of the day, with its figures.
  await page.getByRole('link', { name: `日终证书 ${date}` }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`日终证书 ${date}`);
  await expect(page.getByText('9/9 项相符')).toBeVisible();
  await expect(page.getByRole('cell', { name: '借贷平衡', exact: true })).toBeVisible();
  await noBarriers(page);
  await look(page, 'certificate');
  await page.emulateMedia({ media: 'print' });
  const paper = await page.pdf({ format: 'A4', preferCSSPageSize: true });
  expect(paper.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
  await page.emulateMedia({ media: 'screen' });

  await page.goto('/day');
  await page.getByRole('button', { name: /^开账 / }).click();
  await page.getByRole('dialog').getByRole('button', { name: '开账', exact: true }).click();
  await expect(page.getByText(/^已开账 /)).toBeVisible();
  await expect(page.getByTestId('phase')).toHaveText('营业中');
  await expect(page.getByTestId('business-date')).not.toHaveText(date);
  await page.getByRole('link', { name: '全部证书' }).click();
  await expect(page.getByRole('link', { name: date })).toBeVisible();
  await noBarriers(page);
});

test('the desk in the dark and in English', async ({ page }) => {
  await be(page, 'zong');
  await page.goto('/day');
  await page.evaluate(() => localStorage.setItem('piaohao.light', 'dark'));
  await page.getByRole('button', { name: 'English' }).click();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Operations desk' })).toBeVisible();
  await expect(page.getByRole('link', { name: /^\d{4}-/ }).first()).toBeVisible();
  await noBarriers(page);
  await look(page, 'day-dark');
});
