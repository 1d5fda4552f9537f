import { join } from 'node:path';
import { app, BrowserWindow } from 'electron';

const ROOT = join(import.meta.dirname, '..', '..', '..');
export const ICON = join(ROOT, 'assets', 'icon.png');
const PRELOAD = join(ROOT, 'dist', 'preload.cjs');

/** A page that crashes again and again must not keep the processor from the gateway. */
const RELOAD_AFTER_MS = 1_000;

/** A window in the sandbox. `connected`: with the preload that carries the page's port to this process. */
export function createWindow({ connected }: { connected: boolean }): BrowserWindow {
  const window = new BrowserWindow({
    title: 'Tidemark',
    icon: ICON,
    width: 1280,
    height: 800,
    minWidth: 640,
    minHeight: 480,
    show: false,
    webPreferences: {
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      spellcheck: false,
      devTools: !app.isPackaged,
      ...(connected ? { preload: PRELOAD } : {}),
    },
  });
  window.once('ready-to-show', () => window.show());
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit') setTimeout(() => reload(window), RELOAD_AFTER_MS);
  });
  return window;
}

function reload(window: BrowserWindow): void {
  if (!window.isDestroyed()) window.webContents.reload();
}

/** Brings the window back from wherever it is. */
export function showWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
