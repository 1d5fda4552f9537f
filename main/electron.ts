import { Command } from 'commander';
import { app, dialog } from 'electron';
import { messageOf, TidemarkError } from '../shared/errors.ts';
import { apiToken, openDataFolder, readGatewayFile } from './adapters/data-folder.ts';
import { createLog } from './adapters/pino-log.ts';
import { systemClock } from './adapters/system-clock.ts';
import type { CommonOptions } from './cli/client.ts';
import { chooseConfig } from './cli/start.ts';
import { ConfigError } from './config/error.ts';
import { startGateway } from './gateway.ts';
import { PAGE_ORIGIN } from './shell/electron/address.ts';
import { attachWindow } from './shell/electron/attach.ts';
import { hostGateway } from './shell/electron/host.ts';
import { lockDown } from './shell/electron/lockdown.ts';
import { takeWindow } from './shell/electron/profile.ts';
import { registerScheme } from './shell/electron/scheme.ts';

/** The gateway with a window: `tidemark-desktop`. Where a gateway already runs on the data folder, only the window. */
const options = new Command('tidemark-desktop')
  .description('Runs the Tidemark gateway and shows its screen in a window.')
  .option('--demo', 'run the demo site in its own folder')
  .option('--config <file>', "configuration file (default: ./tidemark.toml, then the user's config folder)")
  .option('--data-dir <folder>', 'data folder of the gateway')
  // Chromium has options of its own.
  .allowUnknownOption()
  .allowExcessArguments()
  .parse(process.argv, { from: 'electron' })
  .opts<CommonOptions & { demo?: boolean }>();

/** A gateway that holds the lock tells its address once it serves. */
const ADDRESS_WAIT_MS = 10_000;
const ADDRESS_POLL_MS = 200;

async function addressOfRunning(folder: string): Promise<string | undefined> {
  for (let waited = 0; waited < ADDRESS_WAIT_MS; waited += ADDRESS_POLL_MS) {
    const running = readGatewayFile(folder);
    if (running !== undefined) return running.ui;
    await systemClock.sleep(ADDRESS_POLL_MS);
  }
  return undefined;
}

function fail(error: unknown): void {
  const action = error instanceof TidemarkError && error.action !== '' ? `; ${error.action}` : '';
  const text = `${messageOf(error)}${action}`;
  console.error(`tidemark: ${text}`);
  dialog.showErrorBox('Tidemark could not start', text);
  app.exit(error instanceof ConfigError ? 2 : 1);
}

async function run({ loaded, demo }: ReturnType<typeof chooseConfig>): Promise<void> {
  const log = createLog('info');
  const folder = loaded.config.gateway.data_dir;
  try {
    const gateway = await startGateway(loaded, { demo, log });
    console.log(`Tidemark${demo ? ' (demo site)' : ''} is at ${gateway.url}`);
    lockDown(PAGE_ORIGIN);
    hostGateway(gateway, log);
  } catch (error) {
    const locked = error instanceof TidemarkError && error.code === 'locked';
    const ui = locked ? await addressOfRunning(folder) : undefined;
    if (ui === undefined) throw error;
    log.info({ ui }, 'another process runs the gateway: showing its screen');
    lockDown(ui);
    await attachWindow(`${ui}/#t=${apiToken(folder)}`);
  }
}

// Electron is ready only after this module has been evaluated: what must come first is done at once, and nothing here awaits.
registerScheme();
try {
  const chosen = chooseConfig(options);
  openDataFolder(chosen.loaded.config.gateway.data_dir);
  if (takeWindow(chosen.loaded.config.gateway.data_dir))
    app
      .whenReady()
      .then(() => run(chosen))
      .catch(fail);
  else {
    console.error('Tidemark already runs here: its window is shown');
    app.exit(0);
  }
} catch (error) {
  app.whenReady().then(() => fail(error));
}
