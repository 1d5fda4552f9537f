import { EventEmitter } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { serveOrders } from './bridge.ts';
import { BrowserWindow, refusable, world } from './browser-window.ts';

/**
 * Stand-in for the `electron` module of the main process, as far as Tidemark uses it. Pages are real pages of the Chromium that the test started
 * (TIDEMARK_TEST_BROWSER); what a person would do to the window, the tray or a dialog comes as an order of the test.
 */
type MenuItem = { label?: string; type?: string; role?: string; click?: () => void };
type PermissionHandler = (contents: unknown, permission: string, answer: (granted: boolean) => void) => void;

const schemes: string[] = [];
const dialogs: string[] = [];
const permissions: { request?: PermissionHandler; check?: () => boolean; device?: () => boolean } = {};
let ready = false;
let dialogAnswer = 0;
let tray: Tray | undefined;
// Electron's own menu, with links to its makers, until the app sets one.
let menu: MenuItem[] = [{ label: 'Help' }];

class App extends EventEmitter {
  readonly isPackaged = false;
  readonly #paths = new Map<string, string>();

  setPath(name: string, folder: string): void {
    if (ready) throw new Error('paths are set before the app is ready');
    if (!existsSync(folder)) throw new Error(`${folder} does not exist`);
    this.#paths.set(name, folder);
  }

  requestSingleInstanceLock(): boolean {
    const file = join(this.#paths.get('userData') ?? '/nowhere', 'instance.pid');
    if (existsSync(file)) {
      try {
        process.kill(Number(readFileSync(file, 'utf8')), 'SIGUSR2');
        return false;
      } catch {
        // Its process is gone.
      }
    }
    process.on('SIGUSR2', () => this.emit('second-instance', {}, [], ''));
    writeFileSync(file, String(process.pid));
    return true;
  }

  whenReady(): Promise<void> {
    return ready ? Promise.resolve() : new Promise((resolve) => this.once('ready', () => resolve()));
  }

  quit(): void {
    const event = refusable({});
    this.emit('before-quit', event);
    if (!event.prevented) this.exit(0);
  }

  exit(code: number): void {
    if (BrowserWindow.all.length === 0) process.exit(code);
    for (const window of [...BrowserWindow.all]) void window.destroy().finally(() => process.exit(code));
  }
}

export const app = new App();
world.app = app;
app.on('window-all-closed', () => {
  // Electron ends when nobody listens to this event; one listener is ours.
  if (app.listenerCount('window-all-closed') === 1) app.quit();
});

export { BrowserWindow };
export const { ipcMain } = world;

export const protocol = {
  registerSchemesAsPrivileged(list: { scheme: string }[]): void {
    if (ready) throw new Error('schemes are registered before the app is ready');
    schemes.push(...list.map(({ scheme }) => scheme));
  },
  handle(scheme: string, handler: typeof world.schemeHandler): void {
    if (!ready || !schemes.includes(scheme)) throw new Error(`${scheme} is handled once the app is ready`);
    world.schemeHandler = handler;
  },
};

export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler: PermissionHandler) => Object.assign(permissions, { request: handler }),
    setPermissionCheckHandler: (handler: () => boolean) => Object.assign(permissions, { check: handler }),
    setDevicePermissionHandler: (handler: () => boolean) => Object.assign(permissions, { device: handler }),
  },
};

export const Menu = {
  buildFromTemplate: (items: MenuItem[]): MenuItem[] => items,
  setApplicationMenu(items: MenuItem[]): void {
    menu = items;
  },
};

export const nativeImage = {
  createFromPath(file: string) {
    if (!existsSync(file)) throw new Error(`no icon at ${file}`);
    return { resize: () => file };
  },
};

export class Tray extends EventEmitter {
  menu: MenuItem[] = [];

  constructor() {
    super();
    tray = this;
  }

  setToolTip(): void {}

  setContextMenu(menu: MenuItem[]): void {
    this.menu = menu;
  }

  destroy(): void {
    tray = undefined;
  }
}

export const dialog = {
  async showMessageBox(o: { message: string; detail: string }): Promise<{ response: number }> {
    dialogs.push(`${o.message}\n${o.detail}`);
    return { response: dialogAnswer };
  },
  showErrorBox(title: string, text: string): void {
    console.error(`error box: ${title}: ${text}`);
  },
};

/** Electron's own ready: the browser is there. */
export async function becomeReady(): Promise<void> {
  const browser = await chromium.connectOverCDP(process.env.TIDEMARK_TEST_BROWSER ?? '');
  world.context = browser.contexts()[0];
  ready = true;
  app.emit('ready');
}

const only = (): BrowserWindow => {
  const [window] = BrowserWindow.all;
  if (window === undefined) throw new Error('there is no window');
  return window;
};

serveOrders({
  window: () => {
    const { visible, shown, options } = only();
    return { visible, shown, ...options.webPreferences };
  },
  close: () => only().close(),
  load: (url: string) => only().loadURL(url),
  crash: () => only().webContents.emit('render-process-gone', {}, { reason: 'crashed' }),
  ports: () => {
    const { preloadWorld } = only();
    return { open: preloadWorld?.openPorts().length ?? 0, asked: preloadWorld?.asked ?? 0 };
  },
  closePorts: () => {
    for (const port of only().preloadWorld?.openPorts() ?? []) port.close();
  },
  mutePorts: () => {
    for (const port of only().preloadWorld?.openPorts() ?? []) port.mute = true;
  },
  dialogs: () => dialogs,
  menu: () => menu.map(({ label }) => label),
  tray: () => tray?.menu.flatMap(({ label }) => (label === undefined ? [] : [label])) ?? null,
  choose(label: string, answer: number) {
    dialogAnswer = answer;
    tray?.menu.find((item) => item.label === label)?.click?.();
  },
  permitted: (permission: string) =>
    new Promise((resolve) => {
      const either = permissions.check?.() !== false || permissions.device?.() !== false;
      permissions.request?.({}, permission, (granted) => resolve(granted || either));
    }),
});
