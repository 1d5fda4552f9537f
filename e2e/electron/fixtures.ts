import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test as base, expect, type Frame, type Page } from '@playwright/test';
import { GatewayProcess } from '../../main/testing/gateway-process.ts';
import { Desktop, Screen } from './desktop.ts';

/** Another origin: what a window must never talk to the gateway from. */
export interface Elsewhere {
  url: string;
  visits: number;
}

export interface App {
  desktop: Desktop;
  page: Page;
}

interface Fixtures {
  display: Screen;
  /** A site with its configuration and data folder; no gateway runs on it yet. */
  site: GatewayProcess;
  /** Starts main/electron.ts, or another entry, on the site; it ends with the test. */
  start: (entry?: string) => Desktop;
  /** The same, and waits for its window. */
  open: (entry?: string) => Promise<App>;
  /** The app on the site, with its window showing live data. */
  app: App;
  elsewhere: Elsewhere;
}

export const test = base.extend<Fixtures>({
  display: async ({ launchOptions }, use) => {
    const screen = await Screen.open(launchOptions);
    await use(screen);
    await screen.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
  site: async ({}, use) => {
    const site = new GatewayProcess('');
    await use(site);
    await site.remove();
  },
  start: async ({ display, site }, use, { attach, status, expectedStatus }) => {
    const started: Desktop[] = [];
    await use((entry) => {
      const desktop = new Desktop(display, site.folder, entry);
      started.push(desktop);
      return desktop;
    });
    for (const desktop of started) {
      await desktop.end();
      if (status !== expectedStatus) await attach('log', { body: desktop.log });
    }
  },
  open: async ({ display, start }, use) => {
    await use(async (entry) => {
      const opened = display.context.waitForEvent('page');
      return { desktop: start(entry), page: await opened };
    });
  },
  app: async ({ open }, use) => {
    const app = await open();
    await expectLive(app.page);
    await use(app);
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
  elsewhere: async ({}, use) => {
    const elsewhere: Elsewhere = { url: '', visits: 0 };
    const server = createServer((_, response) => {
      elsewhere.visits++;
      response.setHeader('content-type', 'text/html').end('<h1>Elsewhere</h1>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    elsewhere.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await use(elsewhere);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  },
});

export { expect };

export const expectLive = (page: Page): Promise<void> =>
  expect(page.getByTestId('overall')).toHaveText('All well', { timeout: 20_000 });

/** Where the gateway of a data folder serves. */
export const gatewayOf = (data: string): { ui: string; ingest: string } =>
  JSON.parse(readFileSync(join(data, 'gateway.json'), 'utf8')) as { ui: string; ingest: string };

/** What is written now reaches the page: it shows data of this moment, not of an earlier connection. Once a site. */
export async function expectFresh(page: Page, site: GatewayProcess): Promise<void> {
  const lines = Array.from({ length: 1_234 }, (_, i) => `fresh value=${i} ${1_700_000_000 + i}`);
  const { ingest } = gatewayOf(site.data);
  const answer = await fetch(`${ingest}/write?precision=s`, { method: 'POST', body: lines.join('\n') });
  expect(answer.status).toBe(204);
  await expect(page.getByTestId('tier-recent')).toContainText('1,234');
}

/** Asks for a connection as the page does and calls `status` on it: the answer's text, 'refused' or 'silence'. */
export function askForStatus(where: Page | Frame): Promise<string> {
  return where.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port2.onmessage = ({ data }) => resolve(String(data));
        port2.addEventListener('close', () => resolve('refused'));
        window.postMessage('tidemark:connect', '*', [port1]);
        port2.postMessage(JSON.stringify({ i: '1', p: { u: '/status' } }));
        setTimeout(resolve, 3_000, 'silence');
      }),
  );
}
