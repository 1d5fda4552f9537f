import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type LaunchOptions } from '@playwright/test';
import { bundlePreload } from '../../scripts/build.ts';
import type { Answer, Order } from './bridge.ts';

const RUN = join(import.meta.dirname, 'run.ts');
const SOURCE = join(import.meta.dirname, '..', '..', 'main', 'electron.ts');

/** Electron tells the page when the other end of a port closes; Chromium does so behind this feature. */
const LIKE_ELECTRON = '--enable-features=MessagePortCloseEvent';

/** A screen in front of which apps start: one Chromium whose pages are their windows. */
export class Screen {
  readonly context: BrowserContext;
  readonly address: string;
  readonly #folder: string;

  private constructor(context: BrowserContext, folder: string) {
    this.context = context;
    this.#folder = folder;
    const [port] = readFileSync(join(folder, 'DevToolsActivePort'), 'utf8').split('\n');
    this.address = `http://127.0.0.1:${port}`;
  }

  static async open(options: LaunchOptions): Promise<Screen> {
    await bundlePreload();
    const folder = mkdtempSync(join(tmpdir(), 'tidemark-screen-'));
    const args = [...(options.args ?? []), LIKE_ELECTRON, '--remote-debugging-port=0'];
    const viewport = { width: 1280, height: 800 };
    return new Screen(await chromium.launchPersistentContext(folder, { ...options, args, viewport }), folder);
  }

  async close(): Promise<void> {
    await this.context.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** main/electron.ts, or another `entry`, in a process of its own, on the stand-in. */
export class Desktop {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly exited: Promise<number | null>;
  #orders = 0;
  log = '';

  constructor(screen: Screen, cwd: string, entry = SOURCE) {
    const orders = { TIDEMARK_TEST_BROWSER: screen.address, TIDEMARK_TEST_ENTRY: entry };
    this.#child = spawn(process.execPath, [RUN], {
      cwd,
      env: { PATH: process.env.PATH, HOME: cwd, ...orders },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (bytes: Buffer) => {
        this.log += bytes.toString('utf8');
      });
    }
    this.#child.on('message', (answer: Answer) => this.#waiting.get(answer.id)?.(answer));
    this.exited = new Promise((resolve) => this.#child.once('exit', (code) => resolve(code)));
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** What a person does to the window, tray or dialog, or what only the main process can see. */
  order(name: string, ...args: unknown[]): Promise<unknown> {
    const id = ++this.#orders;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) => (error === undefined ? resolve(result) : reject(new Error(error))));
      this.#child.send({ id, name, args } satisfies Order, (error) => {
        if (error !== null) reject(error);
      });
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async end(): Promise<void> {
    if (!this.running) return;
    this.#child.kill('SIGKILL');
    await this.exited;
  }
}
