// A look at a page, beside the results of the walks.
import type { Page } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from './window';

/** With PICTURES=1 they become those of the documents. */
const PICTURES = process.env.PICTURES
  ? join(import.meta.dirname, '../../docs/pictures')
  : join(import.meta.dirname, '../test-results/pictures');

export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  await expect(page.locator('.ant-spin-spinning')).toHaveCount(0);
  // Hover and carets tell nothing; what moves is left to come to rest.
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(PICTURES, `${name}.png`), animations: 'disabled' });
}
