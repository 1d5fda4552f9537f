import { app } from 'electron';
import { setWindowMenu } from './menu.ts';
import { createWindow, showWindow } from './window.ts';

/** A window onto a gateway that another process runs: it ends with the window, the gateway does not. */
export async function attachWindow(url: string): Promise<void> {
  const window = createWindow({ connected: false });
  setWindowMenu({ quit: () => app.quit() });
  app.on('second-instance', () => showWindow(window));
  await window.loadURL(url);
}
