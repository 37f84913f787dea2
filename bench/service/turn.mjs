// Turns pages of ended matters in Chromium and prints, in milliseconds, the median and the longest
// time from a press of the button to the new rows, and the longest that the page stood still.
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const ui = resolve(import.meta.dirname, '../../ui');
const { chromium } = createRequire(`${ui}/package.json`)('@playwright/test');
const [url, operator, password] = process.argv.slice(2);
const PAGES = 40;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const page = await browser.newPage({ baseURL: url });
await page.request.post('/api/v1/session', { data: { operator, password } });
await page.addInitScript(() => {
  window.stood = 0;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) window.stood = Math.max(window.stood, one.duration);
  }).observe({ type: 'longtask', buffered: false });
});
await page.goto('/matters?state=ended');
const first = page.locator('tbody tr.ant-table-row').first();
await first.waitFor();
await page.evaluate(() => (window.stood = 0));
const took = [];
for (let turn = 0; turn < PAGES; turn += 1) {
  took.push(
    await page.evaluate(async () => {
      const top = () => document.querySelector('tbody tr.ant-table-row')?.dataset.rowKey;
      const before = top();
      const buttons = [...document.querySelectorAll('button')];
      const began = performance.now();
      buttons.find((one) => one.textContent.includes('下一页')).click();
      while (!top() || top() === before) await new Promise(requestAnimationFrame);
      return performance.now() - began;
    }),
  );
}
const stood = await page.evaluate(() => window.stood);
await browser.close();
took.sort((one, other) => one - other);
const print = (value) => Math.round(value);
console.log(`RESULT ${print(took[PAGES / 2])} ${print(took.at(-1))} ${print(stood)}`);
