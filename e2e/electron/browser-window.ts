import { EventEmitter } from 'node:events';
import type { BrowserContext, Page, Route } from '@playwright/test';
import { PreloadWorld } from './preload-world.ts';

/** Chromium knows no app:// scheme: the page lives under a name that resolves nowhere, and back. */
const PAGE = 'http://tidemark.app.localhost';
export const toElectron = (url: string): string => url.replace(PAGE, 'app://tidemark');
const toChromium = (url: string): string => url.replace('app://tidemark', PAGE);

type SchemeHandler = (request: Request) => Response | Promise<Response>;
type OpenHandler = (details: { url: string }) => { action: 'deny' | 'allow' };
type WindowOptions = { webPreferences: { preload?: string; sandbox: boolean; contextIsolation: boolean } };

/** What the windows need of the rest of the stand-in. */
export const world: {
  context: BrowserContext | undefined;
  schemeHandler: SchemeHandler | undefined;
  ipcMain: EventEmitter;
  app: EventEmitter;
} = { context: undefined, schemeHandler: undefined, ipcMain: new EventEmitter(), app: new EventEmitter() };

/** An event that can be refused, as Electron's are. */
export function refusable<T extends object>(details: T): T & { preventDefault(): void; prevented: boolean } {
  return {
    ...details,
    prevented: false,
    preventDefault() {
      this.prevented = true;
    },
  };
}

class WebContents extends EventEmitter {
  openHandler: OpenHandler = () => ({ action: 'allow' });
  readonly #reload: () => void;

  constructor(reload: () => void) {
    super();
    this.#reload = reload;
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.openHandler = handler;
  }

  reload(): void {
    this.#reload();
  }
}

/** Stand-in for BrowserWindow: a real page of a real Chromium, with the real preload in a world of its own. */
export class BrowserWindow extends EventEmitter {
  static readonly all: BrowserWindow[] = [];
  readonly webContents = new WebContents(() => void this.#page.then((page) => page.reload()).catch(() => undefined));
  readonly options: WindowOptions;
  readonly #page: Promise<Page>;
  preloadWorld: PreloadWorld | undefined;
  visible = false;
  shown = 0;
  /** The navigation that the app itself asked for; all others are the page's. */
  #asked: string | undefined;

  constructor(options: WindowOptions) {
    super();
    this.options = options;
    BrowserWindow.all.push(this);
    world.app.emit('web-contents-created', {}, this.webContents);
    this.#page = this.#open();
  }

  async #open(): Promise<Page> {
    if (world.context === undefined) throw new Error('Cannot create BrowserWindow before app is ready');
    const page = await world.context.newPage();
    page.on('popup', (popup) => {
      if (this.webContents.openHandler({ url: popup.url() }).action === 'deny') void popup.close();
    });
    const { preload } = this.options.webPreferences;
    if (preload !== undefined) {
      const cdp = await world.context.newCDPSession(page);
      this.preloadWorld = new PreloadWorld(cdp, (channel, frame, ports) => {
        const senderFrame = { ...frame, origin: toElectron(frame.origin) };
        world.ipcMain.emit(channel, { sender: this.webContents, senderFrame, ports });
      });
      await this.preloadWorld.install(preload);
    }
    await page.route('**/*', (route) => this.#serve(route));
    return page;
  }

  async #serve(route: Route): Promise<void> {
    const request = route.request();
    const url = toElectron(request.url());
    if (request.isNavigationRequest() && this.#asked !== request.url()) {
      const event = refusable({ url, isMainFrame: request.frame().parentFrame() === null });
      this.webContents.emit('will-frame-navigate', event);
      if (event.prevented) return route.abort('aborted');
    }
    if (!url.startsWith('app:')) return route.continue();
    const answer = await world.schemeHandler?.(new Request(url, { method: request.method() }));
    if (answer === undefined) return route.abort('failed');
    const body = Buffer.from(await answer.arrayBuffer());
    return route.fulfill({ status: answer.status, headers: Object.fromEntries(answer.headers), body });
  }

  async loadURL(url: string): Promise<void> {
    const page = await this.#page;
    // The request's address has no fragment.
    this.#asked = toChromium(url).split('#')[0];
    await page.goto(toChromium(url));
    this.#asked = undefined;
    this.emit('ready-to-show');
  }

  show(): void {
    this.visible = true;
    this.shown++;
  }

  hide(): void {
    this.visible = false;
  }

  focus(): void {}

  isMinimized(): boolean {
    return false;
  }

  isDestroyed(): boolean {
    return !BrowserWindow.all.includes(this);
  }

  /** As the person at the screen does it: the app may refuse. */
  close(): void {
    const event = refusable({});
    this.emit('close', event);
    if (!event.prevented) void this.destroy();
  }

  async destroy(): Promise<void> {
    BrowserWindow.all.splice(BrowserWindow.all.indexOf(this), 1);
    this.visible = false;
    await this.#page.then((page) => page.close()).catch(() => undefined);
    this.emit('closed');
    if (BrowserWindow.all.length === 0) world.app.emit('window-all-closed');
  }
}
