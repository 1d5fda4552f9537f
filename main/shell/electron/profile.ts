import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';

/**
 * Keeps what Chromium stores inside the data folder, so that there is one window per gateway, not one per user. False when another process has
 * that window; it has been told to show it. Call before the app is ready.
 */
export function takeWindow(dataFolder: string): boolean {
  const folder = join(dataFolder, 'window');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  app.setPath('userData', folder);
  return app.requestSingleInstanceLock();
}
