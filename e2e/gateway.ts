import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { GatewayProcess, type Started } from '../main/testing/gateway-process.ts';
import type { Status } from '../shared/schemas.ts';

/** A real gateway in a process of its own, on free ports, with a folder as its archive unless the test says otherwise. */
export class Gateway {
  readonly process: GatewayProcess;
  #started: Started | undefined;

  private constructor(toml: string) {
    this.process = new GatewayProcess(toml);
    mkdirSync(join(this.process.folder, 'archive'));
  }

  static async start(toml: string): Promise<Gateway> {
    const gateway = new Gateway(toml);
    gateway.#started = await gateway.process.start();
    return gateway;
  }

  get started(): Started {
    if (this.#started === undefined) throw new Error('the gateway was not started');
    return this.#started;
  }

  /** Starts it again where the page expects it: at the same address. */
  async restart(): Promise<void> {
    const file = join(this.process.folder, 'tidemark.toml');
    const toml = readFileSync(file, 'utf8');
    const listen = `[ui]\nlisten = "${new URL(this.started.ui).host}"`;
    writeFileSync(file, toml.replace('[ui]\nlisten = "127.0.0.1:0"', listen));
    this.#started = await this.process.start();
  }

  /** Opens the printed address at a view, as a person who was given it; `query` is what follows `view`, without `&`. */
  async open(page: Page, view = 'status', query = ''): Promise<void> {
    const url = new URL(this.started.url);
    url.search = `view=${view}${query === '' ? '' : `&${query}`}`;
    await page.goto(url.href);
    await expect(page.getByRole('navigation')).toBeVisible();
  }

  /** Line protocol; resolves when the readings are on disk. */
  async write(lines: readonly string[]): Promise<void> {
    const answer = await fetch(`${this.started.ingest}/write?precision=us`, { method: 'POST', body: lines.join('\n') });
    expect(answer.status, await answer.text()).toBe(204);
  }

  /** A call of the REST interface with the api-token. */
  async rest(path: string, method: 'GET' | 'POST' = 'GET'): Promise<unknown> {
    const headers = { authorization: `Bearer ${this.process.token()}`, 'content-type': 'application/json' };
    const body = method === 'POST' ? { body: '{}' } : {};
    const answer = await fetch(`${this.started.ui}/api/v1${path}`, { method, headers, ...body });
    const text = await answer.text();
    expect(answer.ok, `${method} ${path}: ${answer.status} ${text}`).toBe(true);
    return JSON.parse(text);
  }

  async status(): Promise<Status> {
    return (await this.rest('/status')) as Status;
  }
}

export const FOLDER_ARCHIVE = '[cold]\ndirectory = "archive"\n';

/** `gateway` is started for each test and ended by its own process id; `toml` is its configuration besides listeners and data folder. */
export const test = base.extend<{ gateway: Gateway; toml: string }>({
  toml: [FOLDER_ARCHIVE, { option: true }],
  gateway: async ({ toml }, use) => {
    const gateway = await Gateway.start(toml);
    await use(gateway);
    await gateway.process.remove();
  },
});

export { expect };

/** Lines of a pump, one reading every `stepS` seconds over whole UTC days that began `fromDay` to `toDay` days ago. */
export function pumpDays(fromDay: number, toDay: number, stepS = 300): string[] {
  const today = Math.floor(Date.now() / 86_400_000);
  const lines: string[] = [];
  for (let day = today - fromDay; day <= today - toDay; day++) {
    for (let s = 0; s < 86_400; s += stepS) {
      const wave = 60 + 8 * Math.sin((day * 86_400 + s) / 9_000);
      lines.push(
        `pump,hub=h1 temp=${wave.toFixed(2)},pressure=${(wave / 20).toFixed(3)} ${(day * 86_400 + s) * 1_000_000}`,
      );
    }
  }
  return lines;
}
