import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { askForStatus, expect, expectFresh, expectLive, gatewayOf, test } from './electron/fixtures.ts';

// The real main/electron.ts, preload and page; only the `electron` module is a stand-in (e2e/electron).

/** A navigation that is not refused has begun within this time. */
const NAVIGATION_MS = 500;

async function leaveFor(page: Page, url: string): Promise<void> {
  await page.evaluate((there) => {
    location.href = there;
  }, url);
  await page.waitForTimeout(NAVIGATION_MS);
}

test('E1 the window is sandboxed and its page is under a policy that runs no foreign script', async ({ app }) => {
  const { desktop, page } = app;
  expect(await desktop.order('window')).toMatchObject({
    visible: true,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
  });
  const policy = (await page.reload())?.headers()['content-security-policy'];
  expect(policy).toContain("default-src 'self';");
  expect(policy).toMatch(/style-src 'self' 'nonce-[\w+/=]{20,}'/);
  await expect(page.addScriptTag({ content: 'globalThis.injected = true' })).rejects.toThrow();
  expect(await page.evaluate(() => 'injected' in globalThis || 'require' in globalThis)).toBe(false);
});

test('E2 Status shows live data that came over the MessagePort alone', async ({ app, site }) => {
  const { desktop, page } = app;
  const sockets: string[] = [];
  page.on('websocket', (socket) => sockets.push(socket.url()));
  await page.reload();
  await expectLive(page);
  expect(await desktop.order('ports')).toEqual({ open: 1, asked: 2 });
  await expectFresh(page, site);
  expect(sockets).toEqual([]);
});

test('E3 a reload connects again and leaves no connection behind', async ({ app }) => {
  const { desktop, page } = app;
  for (const asked of [2, 3, 4]) {
    await page.reload();
    await expectLive(page);
    expect(await desktop.order('ports')).toEqual({ open: 1, asked });
  }
});

test('E3 a page that crashed is loaded again', async ({ app }) => {
  await app.page.evaluate(() => Object.assign(globalThis, { before: true }));
  await app.desktop.order('crash');
  await expect.poll(() => app.page.evaluate(() => 'before' in globalThis).catch(() => true)).toBe(false);
  await expectLive(app.page);
});

test('E4 a page of another origin is refused, even with our preload in it', async ({ app, elsewhere }) => {
  expect(await askForStatus(app.page)).toContain('"sentence"');
  await app.desktop.order('load', elsewhere.url);
  await expect(app.page.getByRole('heading', { name: 'Elsewhere' })).toBeVisible();
  expect(await askForStatus(app.page)).toBe('refused');
  expect(app.desktop.log).toContain(`"origin":"${new URL(elsewhere.url).origin}"`);
});

test('E4 a frame inside the page is refused', async ({ app }) => {
  await app.page.evaluate(() => {
    document.body.append(
      Object.assign(document.createElement('iframe'), { srcdoc: '<h1>Inside</h1>', name: 'inside' }),
    );
  });
  await expect(app.page.frameLocator('[name=inside]').getByRole('heading')).toBeVisible();
  const inside = app.page.frame({ name: 'inside' });
  expect(inside === null ? 'no frame' : await askForStatus(inside)).toBe('refused');
});

test('E5 a port that the gateway closed is replaced at once', async ({ app, site }) => {
  await app.desktop.order('closePorts');
  await expect.poll(() => app.desktop.order('ports'), { timeout: 3_000 }).toEqual({ open: 1, asked: 2 });
  await expectFresh(app.page, site);
});

test('E5 a port that is open but dead is replaced by itself', async ({ app, site }) => {
  await app.desktop.order('mutePorts');
  await expect.poll(() => app.desktop.order('ports'), { timeout: 15_000 }).toEqual({ open: 1, asked: 2 });
  await expectFresh(app.page, site);
});

test('E6 the page cannot leave, open a window or embed another origin', async ({ app, elsewhere, display }) => {
  const { page } = app;
  const home = page.url();
  const pages = display.context.pages().length;
  await leaveFor(page, elsewhere.url);
  await page.evaluate((url) => {
    document.body.append(Object.assign(document.createElement('iframe'), { src: url }));
  }, elsewhere.url);
  await page.waitForTimeout(NAVIGATION_MS);
  expect(page.url()).toBe(home);
  expect(elsewhere.visits).toBe(0);
  await page.evaluate((url) => void window.open(url), elsewhere.url);
  await expect.poll(() => display.context.pages().length).toBe(pages);
  await expectLive(page);
});

test('E6 no permission is granted', async ({ app }) => {
  for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'usb', 'openExternal']) {
    expect(await app.desktop.order('permitted', permission), permission).toBe(false);
  }
});

test('E7 a second start shows the first one’s window and ends', async ({ app, display, start }) => {
  await app.desktop.order('close');
  expect(await app.desktop.order('window')).toMatchObject({ visible: false });
  const pages = display.context.pages().length;
  const second = start();
  expect(await second.exited).toBe(0);
  await expect.poll(() => app.desktop.order('window')).toMatchObject({ visible: true });
  expect(display.context.pages()).toHaveLength(pages);
  await expectLive(app.page);
});

test('E8 closing the window hides it and the gateway runs on; the tray brings it back', async ({ app, site }) => {
  await app.desktop.order('close');
  expect(await app.desktop.order('window')).toMatchObject({ visible: false });
  expect((await fetch(`${gatewayOf(site.data).ui}/readyz`)).status).toBe(200);
  expect(await app.desktop.order('menu')).toEqual(['Tidemark', 'View']);
  expect(await app.desktop.order('tray')).toEqual(['Open Tidemark', 'Quit']);
  await app.desktop.order('choose', 'Open Tidemark', 0);
  expect(await app.desktop.order('window')).toMatchObject({ visible: true });
  await expectLive(app.page);
});

test('E9 Quit asks first, says what stops, and then stops the gateway cleanly', async ({ app, site }) => {
  await app.desktop.order('choose', 'Quit', 0);
  const [text] = (await app.desktop.order('dialogs')) as string[];
  expect(text).toContain('only while the gateway runs');
  expect((await fetch(`${gatewayOf(site.data).ui}/readyz`)).status).toBe(200);
  await app.desktop.order('choose', 'Quit', 1);
  expect(await app.desktop.exited).toBe(0);
  expect(existsSync(join(site.data, 'gateway.json'))).toBe(false);
  await site.start();
  const { stdout } = site.cli('status');
  expect(stdout).not.toContain('replayed');
});

test('E9 a signal stops the gateway cleanly', async ({ app, site }) => {
  app.desktop.signal('SIGTERM');
  expect(await app.desktop.exited).toBe(0);
  expect(existsSync(join(site.data, 'gateway.json'))).toBe(false);
});

test('E10 where a gateway runs already, the window opens onto it, and only the window ends', async ({
  site,
  open,
  elsewhere,
}) => {
  const { ui } = await site.start();
  const { desktop, page } = await open();
  await expectLive(page);
  expect(new URL(page.url()).origin).toBe(ui);
  expect(await desktop.order('window')).not.toHaveProperty('preload');
  expect(await desktop.order('tray')).toBeNull();
  expect(await desktop.order('menu')).toEqual(['Tidemark', 'View']);
  await leaveFor(page, elsewhere.url);
  expect(new URL(page.url()).origin).toBe(ui);
  await expectLive(page);
  expect(elsewhere.visits).toBe(0);
  await desktop.order('close');
  expect(await desktop.exited).toBe(0);
  expect((await fetch(`${ui}/readyz`)).status).toBe(200);
});

test('E11 a wrong configuration is named in a dialog', async ({ site, start }) => {
  writeFileSync(join(site.folder, 'tidemark.toml'), '[gateway]\ncolour = "red"\n');
  const desktop = start();
  expect(await desktop.exited).toBe(2);
  expect(desktop.log).toMatch(/error box: Tidemark could not start: .*tidemark\.toml:2.*colour/);
});
