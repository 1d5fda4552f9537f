import { app, dialog } from 'electron';
import { messageOf } from '../../../shared/errors.ts';
import type { Gateway } from '../../gateway.ts';
import type { Log } from '../../ports/log.ts';
import { PAGE_ORIGIN } from './address.ts';
import { confirmQuit, createTray, setWindowMenu } from './menu.ts';
import { serveRpc } from './rpc.ts';
import { servePage } from './scheme.ts';
import { createWindow, showWindow } from './window.ts';

/** As for the command line: after this the process goes anyway, and the next start replays the journal. */
const STOP_DEADLINE_MS = 10_000;

/** A window over a gateway that runs in this process. Closing the window hides it; quitting stops the gateway first. */
export function hostGateway(gateway: Gateway, log: Log): void {
  let ending = false;
  servePage();
  serveRpc(gateway.router, log);
  const window = createWindow({ connected: true });
  const open = (): void => showWindow(window);
  const quit = async (): Promise<void> => {
    if (await confirmQuit()) app.quit();
  };
  const actions = { open, quit: () => void quit() };
  const tray = createTray(actions);
  setWindowMenu(actions);

  const end = async (why: string, failure?: string): Promise<void> => {
    if (ending) return;
    ending = true;
    log.info({ why }, 'stopping');
    const deadline = setTimeout(() => app.exit(1), STOP_DEADLINE_MS);
    window.hide();
    tray.destroy();
    await gateway.stop();
    clearTimeout(deadline);
    // Last, because it holds up this process until somebody has read it.
    if (failure !== undefined) dialog.showErrorBox('The gateway stopped', failure);
    app.exit(failure === undefined ? 0 : 1);
  };
  window.on('close', (event) => {
    event.preventDefault();
    window.hide();
  });
  app.on('second-instance', open);
  app.on('activate', open);
  // By the person, by the desktop at logout, or by a signal: nothing goes before the gateway has ended.
  app.on('before-quit', (event) => {
    event.preventDefault();
    void end('quit');
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void end(signal));
  void gateway.failed.then((error) => {
    const text = `The storage thread failed: ${messageOf(error)}. Start Tidemark again; what was acknowledged is kept.`;
    return end('the storage thread failed', text);
  });

  window.loadURL(`${PAGE_ORIGIN}/`).catch((error: unknown) => {
    log.error({ error: messageOf(error) }, 'the screen could not be loaded; the gateway runs without it');
  });
}
