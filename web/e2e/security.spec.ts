import { expect, expectAccessible, signIn, test } from './support';

const password = 'correct horse battery';

test('a user is made, signs in, sees who they are and changes the password', async ({ page }) => {
  test.setTimeout(120_000);
  const login = `anna-${Date.now()}@example.org`;
  await signIn(page, '/settings/users');
  await page.getByRole('button', { name: 'New user' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Login').fill(login);
  await dialog.getByRole('textbox', { name: 'Password' }).fill(password);
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('cell', { name: login }).first()).toBeVisible();

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('Password', { exact: true }).click();
  await expectAccessible(page);
  await page.getByLabel('Login').fill(login);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.locator('button[type=submit]').click();
  await expect(page.locator('#main')).toBeVisible();
  await page.goto('/profile');
  await expect(page.getByText('viewer', { exact: true })).toBeVisible();
  await page.goto('/settings/users');
  await expect(page.getByText('This key may not see this page')).toBeVisible();

  await page.goto('/profile');
  await page.getByRole('textbox', { name: 'Current password' }).fill(password);
  await page.getByRole('textbox', { name: 'New password', exact: true }).fill('another four words');
  await page.getByRole('textbox', { name: 'New password again' }).fill('another four words');
  await page.getByRole('button', { name: 'Change the password' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in to Iskra' })).toBeVisible();
});

test('a tenant is made with its first key, and a role', async ({ page }) => {
  const slug = `t-${Date.now()}`;
  await signIn(page, '/settings/tenants');
  await page.getByRole('button', { name: 'New tenant' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Short name').fill(slug);
  await dialog.getByRole('button', { name: 'New tenant' }).click();
  await expect(dialog.getByText(/^isk_/)).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'I have copied it' }).click();
  await page.getByRole('button', { name: `Disable ${slug}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await expect(page.getByRole('button', { name: `Enable ${slug}` })).toBeVisible();

  await page.goto('/settings/roles');
  await page.getByRole('button', { name: 'New role' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill(slug);
  await page.getByRole('dialog').getByLabel('cards:read').check();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: `Remove ${slug}` }).click();
  await expect(page.getByRole('button', { name: `Remove ${slug}` })).toBeHidden();
});
