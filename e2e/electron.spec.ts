import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { buildMain } from '../scripts/build.ts';
import { electronOrReason } from '../scripts/electron-runtime.ts';
import { ROOT } from '../scripts/lib/step.ts';
import { askForStatus, test as base, expect, expectFresh, expectLive, gatewayOf } from './electron/fixtures.ts';

// The same promises as in electron-stand-in.spec.ts, with Electron itself, where it and a display are there.

const APP = join(ROOT, 'dist', 'electron.js');
const electron = electronOrReason();

const test = base.extend<{ electronApp: { app: ElectronApplication; page: Page } }>({
  electronApp: async ({ site }, use) => {
    const executablePath = 'file' in electron ? electron.file : '';
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const { PATH = '', DISPLAY = '', WAYLAND_DISPLAY = '', XDG_RUNTIME_DIR = '' } = process.env;
    const app = await _electron.launch({
      executablePath,
      args: [...sandbox, APP],
      cwd: site.folder,
      env: { PATH, DISPLAY, WAYLAND_DISPLAY, XDG_RUNTIME_DIR, HOME: site.folder },
    });
    const page = await app.firstWindow();
    await expectLive(page);
    await use({ app, page });
    if (app.process().exitCode === null) app.process().kill('SIGKILL');
  },
});

if ('missing' in electron) {
  // Once for the run, not once for each worker.
  if (process.env.TEST_WORKER_INDEX === undefined) console.log(electron.missing);
} else {
  test.beforeAll(buildMain);

  test('E2 Status shows live data inside Electron, and again after a reload', async ({ electronApp, site }) => {
    const { page } = electronApp;
    expect(page.url()).toBe('app://tidemark/');
    await page.reload();
    await expectLive(page);
    await expectFresh(page, site);
    expect(await page.evaluate(() => 'require' in globalThis || 'process' in globalThis)).toBe(false);
  });

  test('E4 Electron refuses a page of another origin', async ({ electronApp, elsewhere }) => {
    const { app, page } = electronApp;
    expect(await askForStatus(page)).toContain('"sentence"');
    await app.evaluate(({ BrowserWindow }, url) => BrowserWindow.getAllWindows()[0]?.loadURL(url), elsewhere.url);
    await expect(page.getByRole('heading', { name: 'Elsewhere' })).toBeVisible();
    expect(await askForStatus(page)).toBe('refused');
  });

  test('E6 Electron keeps the page at home and without permissions', async ({ electronApp, elsewhere }) => {
    const { app, page } = electronApp;
    await page.evaluate((url) => {
      window.open(url);
      location.href = url;
    }, elsewhere.url);
    await page.waitForTimeout(500);
    expect(page.url()).toBe('app://tidemark/');
    expect(app.windows()).toHaveLength(1);
    expect(elsewhere.visits).toBe(0);
    expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
  });

  test('E8 closing the window hides it and the gateway runs on', async ({ electronApp, site }) => {
    const { app } = electronApp;
    const visible = (): Promise<boolean | undefined> =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    expect(await visible()).toBe(false);
    expect((await fetch(`${gatewayOf(site.data).ui}/readyz`)).status).toBe(200);
    await app.evaluate(({ app: main }) => main.emit('second-instance'));
    expect(await visible()).toBe(true);
  });

  test('E9 a signal stops Electron and the gateway cleanly', async ({ electronApp }) => {
    const { app } = electronApp;
    const exited = new Promise<number | null>((resolve) => app.process().once('exit', resolve));
    app.process().kill('SIGTERM');
    expect(await exited).toBe(0);
  });
}
