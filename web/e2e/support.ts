import AxeBuilder from '@axe-core/playwright';
import { expect, test as base, type Page } from '@playwright/test';

/** A page whose console must stay free of errors until the test ends. */
export const test = base.extend({
  page: async ({ page }, use) => {
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(String(error)));
    await use(page);
    expect(errors, 'console errors').toEqual([]);
  },
});

export { expect };

export function adminKey(): string {
  const key = process.env.ISKRA_KEY;
  if (!key) {
    throw new Error('ISKRA_KEY is not set: an API key with the scope admin');
  }
  return key;
}

export async function signIn(page: Page, path = '/'): Promise<void> {
  await page.goto(path);
  await page.getByRole('textbox').fill(adminKey());
  await page.locator('button[type=submit]').click();
  await expect(page.locator('#main')).toBeVisible();
}

export async function expectAccessible(page: Page): Promise<void> {
  // Colours in the middle of a transition are neither the one nor the other.
  await page.waitForTimeout(400);
  const result = await new AxeBuilder({ page }).analyze();
  const bad = result.violations
    .filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')
    .map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html.slice(0, 200)).join(' | ')}`);
  expect(bad).toEqual([]);
}

export async function createAccount(page: Page, name: string, kind: 'Asset' | 'Liability', overdraft = ''): Promise<void> {
  await page.goto('/cards/accounts');
  await page.getByRole('button', { name: 'New account' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByText(kind, { exact: true }).click();
  await dialog.getByLabel('Overdraft limit').fill(overdraft);
  await dialog.getByRole('button', { name: 'Open the account' }).click();
  await expect(dialog).toBeHidden();
}

export async function pickAccount(page: Page, label: string, name: string): Promise<void> {
  await page.getByRole('combobox', { name: label }).or(page.getByRole('textbox', { name: label })).first().fill(name);
  await page.getByRole('option', { name }).click();
}
