// What every walk needs: a window at the bank, people who sign in at it, a look for barriers.
import { test as base, expect, type APIRequestContext, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export const PASSWORD = 'Piaohao-2026';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Barrier {
  id: string;
  impact: string | null;
  nodes: { html: string; failureSummary?: string }[];
}

export const test = base.extend<{ complaints: string[] }>({
  baseURL: async ({}, give) => give(process.env.WALK_URL),
  /** What the page complained of; a walk ends without any. */
  complaints: [
    async ({ page }, give) => {
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        const known = message.text().startsWith('Failed to load resource');
        if (message.type() === 'error' && !known) complaints.push(message.text());
      });
      await give(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Signs somebody in at this window without the entrance; answers the token for writes. */
export async function be(page: Page, operator: string): Promise<string> {
  await page.context().clearCookies();
  const answer = await page.request.post('/api/v1/session', {
    data: { operator, password: PASSWORD },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  return ((await answer.json()) as { csrf: string }).csrf;
}

/** The same, and goes to a page. */
export async function beAt(page: Page, operator: string, path: string): Promise<void> {
  await be(page, operator);
  await page.goto(path);
  await expect(page.getByRole('main')).toBeVisible();
}

export async function open(
  request: APIRequestContext,
  csrf: string,
  code: string,
  fields: Record<string, unknown>,
): Promise<number> {
  const answer = await request.post('/api/v1/matters', {
    headers: { 'X-CSRF-Token': csrf, 'Idempotency-Key': crypto.randomUUID() },
    data: { code, fields },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  return ((await answer.json()) as { id: number }).id;
}

/** Nothing serious may stand between a page and whoever cannot see or use a mouse. */
export async function noBarriers(page: Page): Promise<void> {
  // The page's own policy lets no script in but the page's; the tester's comes past it.
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const run = (globalThis as unknown as { axe: { run: () => Promise<{ violations: Barrier[] }> } })
      .axe;
    return (await run.run()).violations;
  });
  const serious = found.filter((one) => one.impact === 'serious' || one.impact === 'critical');
  expect(
    serious.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join('\n  ')}`),
  ).toEqual([]);
}
