import type { Page } from '@playwright/test';
import { picture } from './picture';
import { be, beAt, expect, noBarriers, open, test } from './window';

async function drawn(page: Page): Promise<number> {
  const csrf = await be(page, 'hua');
  const fields = { vault: '0000/vault', notes: ['100:5000', '50:2000', '10:1000'] };
  return open(page.request, csrf, 'CASH-030', fields);
}

test('every page of a clerk is without barriers, in both lights', async ({ page }) => {
  const id = await drawn(page);
  const pages = ['/', '/matters/new', '/matters/new/CASH-030', '/matters', `/matters/${id}`];
  for (const light of ['light', 'dark']) {
    await page.goto('/');
    await page.evaluate((kept) => localStorage.setItem('piaohao.light', kept), light);
    for (const path of [...pages, '/divisions/cash', '/matters?state=ended&code=CASH-030']) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await noBarriers(page);
    }
  }
});

test('every page of an accountant and of a teller is without barriers', async ({ page }) => {
  await beAt(page, 'ren', '/entries/new');
  for (const path of ['/entries/new', '/entries', '/entries/1', '/accounts']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await noBarriers(page);
  }
  await beAt(page, 'ana', '/accounts?q=6299');
  await page.getByRole('link', { name: /^6299/ }).first().click();
  await expect(page.getByText('可用余额')).toBeVisible();
  await noBarriers(page);
  for (const code of ['CASH-016', 'VOU-050', 'CASH-003', 'CASH-080', 'GL-112']) {
    await page.goto(`/matters/new/${code}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByRole('button', { name: '提交' })).toBeVisible();
    await noBarriers(page);
  }
});

test('every kind of matter that the rulebook has is drawn as a form', async ({ page }) => {
  test.setTimeout(240_000);
  await beAt(page, 'zong', '/');
  const answer = await page.request.get('/api/v1/matter-kinds');
  const kinds = (await answer.json()) as { code: string; title: { zh: string } }[];
  expect(kinds.length).toBeGreaterThan(200);
  for (const { code, title } of kinds) {
    await page.evaluate((to) => history.pushState(null, '', to), `/matters/new/${code}`);
    await expect(page.getByRole('heading', { level: 1, name: title.zh, exact: true })).toBeVisible();
    await expect(page.getByRole('button', { name: '提交' })).toBeVisible();
  }
});

test('the pages speak English at a switch', async ({ page }) => {
  await beAt(page, 'hua', '/');
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.getByRole('heading', { name: 'My work' })).toBeVisible();
  await page.goto('/matters/new/CASH-030');
  await expect(page.getByRole('heading', { name: 'Draw from the central bank' })).toBeVisible();
  await page.getByRole('textbox', { name: 'Denominations 10 yuan note Fit' }).fill('7');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.locator('.ant-form-item-explain-error')).toHaveText(/whole packets/);
  await noBarriers(page);
  await page.getByRole('button', { name: '中文' }).click();
  await expect(page.getByRole('heading', { name: '人行领款' })).toBeVisible();
});

test('everything is found and reached by keys alone', async ({ page }) => {
  await beAt(page, 'hua', '/');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('人行领款');
  await expect(page.getByRole('option', { name: /人行领款/ }).first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: '人行领款' })).toBeVisible();
  await page.getByRole('textbox', { name: '券别 壹佰元纸币 完整券（张）' }).focus();
  await page.keyboard.type('1000');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.type('1000');
  await page.keyboard.press('Enter');
  await page.keyboard.type('1000');
  await expect(page.getByTestId('notes-total')).toHaveText('CNY 170,000.00');
  await page.keyboard.press('Control+Enter');
  await expect(page).toHaveURL(/\/matters\/\d+$/);
  await page.keyboard.press('Alt+w');
  await expect(page.getByRole('heading', { name: '待办' })).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: '快捷键' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('a matter is found by a word of what was typed into it, and opened by keys', async ({
  page,
}) => {
  const csrf = await be(page, 'ana');
  const fields = { kind: 'fault', problem: '清分机夜间卡钞，冠字号码记录丢失' };
  const id = await open(page.request, csrf, 'GL-112', fields);
  const found = async () => {
    const answer = await page.request.get('/api/v1/search?q=冠字号码');
    return ((await answer.json()) as { found: unknown[] }).found.length;
  };
  await expect.poll(found).toBeGreaterThan(0);
  await page.goto('/');
  await expect(page.getByRole('main')).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('冠字号码');
  const hit = page.getByRole('option', { name: /夜间卡钞/ });
  await expect(hit.locator('mark')).toHaveText(['冠字号码']);
  await noBarriers(page);
  await page.keyboard.press('ArrowUp');
  while ((await hit.getAttribute('aria-selected')) !== 'true') {
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/matters/${id}$`));
});

test('an index that is not there yet is said so, and the rest is found', async ({ page }) => {
  await beAt(page, 'hua', '/');
  const zh = '全文索引尚未打开，请稍后再试';
  const json = { code: 'SearchNotReady', zh, en: '', detail: zh, again: 'later', field: '' };
  await page.route(/\/api\/v1\/search\b/, (route) => route.fulfill({ status: 503, json }));
  await page.keyboard.press('Control+k');
  await page.keyboard.type('人行领款');
  await expect(page.getByRole('dialog').getByRole('status')).toHaveText(zh);
  await expect(page.getByRole('option', { name: /人行领款/ }).first()).toBeVisible();
});

test('a list keeps its filters in the address and is written to a file', async ({ page }) => {
  await beAt(page, 'deng', '/matters?state=ended');
  await page.getByRole('combobox', { name: '事项' }).fill('柜员领现');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/code=CASH-010/);
  await page.reload();
  await expect(page.getByRole('link', { name: /GYLX-/ }).first()).toBeVisible();
  // Of one kind, its own fields have columns, chosen and kept.
  await expect(page.getByRole('columnheader', { name: '金额' })).toBeVisible();
  await expect(page.getByRole('cell', { name: /^[\d,]+\.\d\d$/ }).first()).toBeVisible();
  const waits = page.waitForEvent('download');
  await page.getByRole('button', { name: '导出 CSV' }).click();
  expect((await waits).suggestedFilename()).toBe('事项查询.csv');
});

test('a matter is printed on one sheet', async ({ page }) => {
  const id = await drawn(page);
  await page.goto(`/matters/${id}`);
  await expect(page.getByRole('heading', { name: '人行领款' })).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByTestId('paper')).toBeVisible();
  await expect(page.getByRole('navigation')).toBeHidden();
  const paper = await page.pdf({ format: 'A4', preferCSSPageSize: true });
  expect(paper.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
});

test('the shell comes in less than 400 KB', async ({ page }) => {
  await be(page, 'hua');
  const wire = await page.context().newCDPSession(page);
  await wire.send('Network.enable');
  let bytes = 0;
  wire.on('Network.loadingFinished', (one) => (bytes += one.encodedDataLength));
  await page.goto('/');
  await expect(page.getByRole('heading', { name: '待办' })).toBeVisible();
  await page.waitForLoadState('networkidle');
  test.info().annotations.push({ type: 'first load', description: `${Math.ceil(bytes / 1000)} kB` });
  expect(bytes).toBeLessThan(400_000);
});

test('pictures of the main pages', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByText('演示柜员')).toBeVisible();
  await picture(page, 'sign-in');
  const id = await drawn(page);
  await beAt(page, 'gao', '/');
  await expect(page.getByRole('link', { name: /RHLK-/ }).first()).toBeVisible();
  await picture(page, 'my-work');
  await page.goto(`/matters/${id}`);
  await expect(page.getByRole('button', { name: '审批' })).toBeVisible();
  await picture(page, 'matter');
  await beAt(page, 'hua', '/matters/new');
  await expect(page.getByText('人行领款')).toBeVisible();
  await picture(page, 'new-matter');
  await page.goto('/matters/new/CASH-030');
  await page.getByRole('textbox', { name: '券别 壹佰元纸币 完整券（张）' }).fill('5000');
  await page.getByRole('textbox', { name: '券别 伍拾元纸币 完整券（张）' }).fill('2000');
  await picture(page, 'form');
  await beAt(page, 'ren', '/accounts?q=6299');
  await expect(page.getByRole('link', { name: /^6299/ }).first()).toBeVisible();
  await picture(page, 'accounts');
  await page.goto('/entries/new');
  await page.getByRole('textbox', { name: '账户 1' }).fill('0000.CNY.1001-01.01');
  await page.getByRole('textbox', { name: '借方金额 1' }).fill('1250.00');
  await page.getByRole('textbox', { name: '账户 2' }).fill('0000.CNY.1003-01.01');
  await page.getByRole('textbox', { name: '贷方金额 2' }).fill('1250.00');
  await expect(page.getByText('借贷平衡')).toBeVisible();
  await picture(page, 'voucher-entry');
});
