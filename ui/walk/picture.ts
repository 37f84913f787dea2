// A look at a page, beside the results of the walks.
import type { Page } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from './window';

const BESIDE = join(import.meta.dirname, '../test-results/pictures');

/** With PICTURES=1 they become those of the documents. */
const KEPT = process.env.PICTURES ? join(import.meta.dirname, '../../docs/pictures') : BESIDE;

async function taken(page: Page, folder: string, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await expect(page.locator('.ant-spin-spinning')).toHaveCount(0);
  // Hover and carets tell nothing; what moves is left to come to rest.
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
}

/** One that the documents show. */
export const picture = (page: Page, name: string): Promise<void> => taken(page, KEPT, name);

/** One for whoever changes the page. */
export const look = (page: Page, name: string): Promise<void> => taken(page, BESIDE, name);
