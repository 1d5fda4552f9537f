import { dialog, Menu, nativeImage, Tray } from 'electron';
import { ICON } from './window.ts';

const TRAY_ICON_PX = 24;

/** What the person at the screen can ask of the app itself. */
export interface AppActions {
  open(): void;
  quit(): void;
}

/** Quitting is not closing: the gateway stops with it. Resolves true when that is what the person wants. */
export async function confirmQuit(): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    title: 'Tidemark',
    message: 'Quit Tidemark and stop the gateway?',
    detail:
      'Readings are taken in, and moved to the archive, only while the gateway runs. Until it is started again, hubs must keep their readings themselves. Everything taken in so far stays safe on this gateway.\n\nTo keep it running, close the window instead.',
    buttons: ['Keep running', 'Quit'],
    defaultId: 0,
    cancelId: 0,
  });
  return response === 1;
}

/** The tray keeps the app within reach while its window is hidden. It lives until `destroy` is called on the result. */
export function createTray({ open, quit }: AppActions): Tray {
  const tray = new Tray(nativeImage.createFromPath(ICON).resize({ width: TRAY_ICON_PX, height: TRAY_ICON_PX }));
  tray.setToolTip('Tidemark');
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: 'Open Tidemark', click: open },
      { type: 'separator' },
      { label: 'Quit', click: quit },
    ]),
  );
  tray.on('click', open);
  return tray;
}

/** The window's own menu: some desktops have no tray, and a gateway must be quittable there, too. */
export function setWindowMenu({ quit }: { quit(): void }): void {
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      {
        label: 'Tidemark',
        submenu: [
          { role: 'close', label: 'Close Window' },
          { label: 'Quit', accelerator: 'CmdOrCtrl+Q', click: quit },
        ],
      },
      {
        label: 'View',
        submenu: [
          { role: 'reload' },
          { type: 'separator' },
          { role: 'resetZoom' },
          { role: 'zoomIn' },
          { role: 'zoomOut' },
          { type: 'separator' },
          { role: 'togglefullscreen' },
        ],
      },
    ]),
  );
}
