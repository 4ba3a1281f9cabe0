import { createAccount, expect, expectAccessible, pickAccount, signIn, test } from './support';

const pages = [
  '/', '/cards/accounts', '/cards/transfers', '/cards/transfers/new', '/settings/keys', '/settings/users', '/settings/roles',
  '/settings/tenants', '/profile', '/no-such-page',
];

test('sign in, open two accounts, post a transfer and see it in the statement', async ({ page }) => {
  const stamp = Date.now().toString(36);
  const from = `Cash ${stamp}`;
  const to = `Customer ${stamp}`;
  await signIn(page);
  await createAccount(page, from, 'Liability');
  await createAccount(page, to, 'Liability');

  await page.goto('/cards/transfers/new');
  await pickAccount(page, 'From account (debit)', from);
  await pickAccount(page, 'To account (credit)', to);
  await page.getByLabel('Amount, RUB').fill('1 234,56');
  await page.getByLabel('Reference').fill(`order ${stamp}`);
  await page.getByRole('button', { name: 'Post the transfer' }).click();
  await expect(page.getByTestId('posted')).toContainText('1,234.56');
  await page.getByRole('link', { name: 'Show the transfer' }).click();
  const drawer = page.getByRole('dialog');
  await expect(drawer).toContainText(from);
  await expectAccessible(page);
  await drawer.getByRole('link', { name: to }).click();
  await expect(page.getByRole('heading', { name: to })).toBeVisible();
  const statement = page.getByRole('region', { name: 'Statement' });
  await expect(statement).toContainText(`order ${stamp}`);
  await expect(statement).toContainText('+');
  await expect(statement).toContainText('1,234.56');
  await expectAccessible(page);
});

test('a pending transfer is posted from its drawer', async ({ page }) => {
  const stamp = Date.now().toString(36);
  await signIn(page);
  await createAccount(page, `A ${stamp}`, 'Liability');
  await createAccount(page, `B ${stamp}`, 'Liability');
  await page.goto('/cards/transfers/new');
  await pickAccount(page, 'From account (debit)', `A ${stamp}`);
  await pickAccount(page, 'To account (credit)', `B ${stamp}`);
  await page.getByLabel('Amount, RUB').fill('10');
  await page.getByLabel('Reserve only (pending)').check();
  await page.getByRole('button', { name: 'Reserve the amount' }).click();
  await page.getByRole('link', { name: 'Show the transfer' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByLabel('Amount to post, RUB').fill('7.5');
  await drawer.getByRole('button', { name: 'Post', exact: true }).click();
  await expect(drawer.getByRole('status')).toContainText('is posted');
});

test('a wrong amount is said at the field', async ({ page }) => {
  await signIn(page, '/cards/transfers/new');
  await page.getByLabel('Amount').fill('1.2.3');
  await page.getByRole('button', { name: 'Post the transfer' }).click();
  await expect(page.getByText('Digits and one decimal separator only')).toBeVisible();
  await expect(page.getByText('Fill this in').first()).toBeVisible();
});

test('Pulse moves', async ({ page }) => {
  await signIn(page);
  await expect(page.getByTestId('pulse-state')).toHaveAttribute('data-state', 'live');
  const stop = page.getByRole('button', { name: 'Stop simulated traffic' });
  const start = page.getByRole('button', { name: 'Start simulated traffic' });
  if (await start.isVisible()) {
    await start.click();
    await expect(stop).toBeVisible();
  }
  await page.evaluate(async () => {
    await fetch('/v1/cards/demo', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"speed":100}' });
  });
  const before = await page.getByTestId('total').textContent();
  await expect(page.getByTestId('total')).not.toHaveText(before ?? '', { timeout: 15_000 });
  await page.evaluate(async () => {
    await fetch('/v1/cards/demo', { method: 'DELETE' });
  });
});

for (const scheme of ['Light', 'Dark']) {
  test(`every page is accessible, ${scheme}, in Russian and at 360 px`, async ({ page }) => {
    test.setTimeout(240_000);
    await signIn(page);
    await page.getByRole('button', { name: 'Colours' }).click();
    await page.getByRole('menuitem', { name: scheme }).click();
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', scheme.toLowerCase());
    for (const path of pages) {
      await page.goto(path);
      await expect(page.locator('h1')).toBeVisible();
      await expectAccessible(page);
    }
    await page.getByText('RU', { exact: true }).click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'ru');
    await page.setViewportSize({ width: 360, height: 740 });
    for (const path of pages) {
      await page.goto(path);
      await expect(page.locator('h1')).toHaveText(/[а-я]/i);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow, `${path} is wider than the screen`).toBeLessThanOrEqual(0);
      await expectAccessible(page);
    }
    await page.getByRole('button', { name: 'Меню' }).click();
    await page.getByRole('link', { name: 'Счета' }).click();
    await expect(page.getByRole('heading', { name: 'Счета', level: 1 })).toBeVisible();
    await page.getByRole('button', { name: 'Выйти' }).click();
    await expect(page.getByRole('heading', { name: 'Вход в Искру' })).toBeVisible();
    await expectAccessible(page);
  });
}

test('the keyboard reaches the content through the skip link', async ({ page }) => {
  await signIn(page, '/cards/accounts');
  await page.reload();
  await expect(page.locator('h1')).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#main')).toBeFocused();
});
