import { WebSocket } from 'ws';
import { expect, test } from './gateway.ts';
import { expectGoodLooksEverywhere } from './looks.ts';

test('UI1 the printed address signs this browser in, and its token leaves the address bar', async ({
  gateway,
  page,
}) => {
  await gateway.open(page);
  await expect(page.getByTestId('overall')).toHaveText('All well');
  expect(page.url()).not.toContain(gateway.process.token());
  expect(new URL(page.url()).hash).toBe('');
  const cookies = await page.context().cookies();
  expect(cookies).toMatchObject([
    { name: `tidemark-${new URL(gateway.started.ui).port}`, httpOnly: true, sameSite: 'Strict' },
  ]);
  await page.goto(gateway.started.ui);
  await expect(page.getByTestId('overall')).toHaveText('All well');
});

test('UI1 a browser without a session is told how to get one, and is let in once it has it', async ({
  gateway,
  page,
}) => {
  await page.goto(gateway.started.ui);
  await expect(page.getByRole('heading', { name: 'This browser is not signed in' })).toBeVisible();
  await expectGoodLooksEverywhere(page, () => expect(page.getByText('tidemark url')).toBeVisible());
  await page.goto(`${gateway.started.ui}/#t=wrong`);
  await page.reload();
  await expect(page.getByText('tidemark url')).toBeVisible();
  const elsewhere = await page.context().newPage();
  await gateway.open(elsewhere);
  await page.getByRole('button', { name: 'Check again' }).click();
  await expect(page.getByTestId('overall')).toBeVisible();
});

test('UI1 a page of another origin cannot use the session', async ({ gateway, page }) => {
  await gateway.open(page);
  const [cookie] = await page.context().cookies();
  const { host } = new URL(gateway.started.ui);
  const connect = (origin: string): Promise<string> =>
    new Promise((resolve) => {
      const socket = new WebSocket(`ws://${host}/rpc`, {
        origin,
        headers: { cookie: `${cookie?.name}=${cookie?.value}` },
      });
      socket.once('open', () => {
        resolve('open');
        socket.close();
      });
      socket.once('error', (error) => resolve(error.message));
    });
  expect(await connect(`http://${host}`)).toBe('open');
  expect(await connect('http://127.0.0.1:1')).toContain('403');
  expect(await connect('https://elsewhere.example')).toContain('403');
});

test('UI1 a gateway that dies makes the screen say how old it is, and live again when it is back', async ({
  gateway,
  page,
}) => {
  // The files of the other views come a moment after the first one.
  const files = page.waitForResponse(/EventsView.*\.js/);
  await gateway.open(page);
  await files;
  await gateway.process.kill();
  const banner = page.getByTestId('banner').filter({ has: page.getByRole('alert') });
  await expect(banner).toBeVisible({ timeout: 12_000 });
  await expect(banner).toContainText('The gateway does not answer.');
  await expect(banner).toContainText(/What you see is from \d\d:\d\d:\d\d \(\d+ seconds? ago\)/);
  await expect(page.getByTestId('overall')).toHaveText('Gateway gone');
  await page.getByRole('link', { name: 'Events', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Events' })).toBeFocused();
  await expect(page.getByText('This page could not be shown')).toBeHidden();
  await gateway.restart();
  await expect(banner).toBeHidden({ timeout: 25_000 });
  await expect(page.getByTestId('overall')).toHaveText('All well');
});

test('UI1 every view is one tap away, keeps its address, and works by keyboard', async ({ gateway, page }) => {
  await gateway.open(page);
  for (const name of ['History', 'Transfers', 'Archive', 'Settings', 'Events', 'Status']) {
    const link = page.getByRole('link', { name, exact: true });
    await link.click();
    await expect(link).toHaveAttribute('aria-current', 'page');
    await expect(page.getByRole('heading', { level: 1, name })).toBeFocused();
    expect(await link.evaluate((a) => Math.min(a.clientHeight, a.clientWidth))).toBeGreaterThanOrEqual(56);
  }
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1, name: 'Events' })).toBeAttached();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Events' })).toBeAttached();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toBeFocused();
});

test.describe('without an archive', () => {
  test.use({ toml: '' });
  test('UI1 every view says that no archive is set up', async ({ gateway, page }) => {
    await gateway.open(page, 'events');
    await expect(page.getByText('No archive is set up. All data stays on this gateway.')).toBeVisible();
  });
});
