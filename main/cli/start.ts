import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { messageOf, TidemarkError } from '../../shared/errors.ts';
import { readGatewayFile } from '../adapters/data-folder.ts';
import { createLog } from '../adapters/pino-log.ts';
import { type LoadedConfig, loadConfig } from '../config/load.ts';
import { startGateway } from '../gateway.ts';
import type { CommonOptions } from './client.ts';
import { CommandError } from './errors.ts';

/** A clean end may take this long; then the process goes anyway, and the next start replays the journal. */
const STOP_DEADLINE_MS = 10_000;

/**
 * The demo site has its own folder and archives into a folder inside it. A configuration named by --config may give it another archive; what the
 * environment or the usual files configure is the real gateway's, of which only the listeners are taken.
 */
function demoConfig(o: CommonOptions): LoadedConfig {
  const { HOME, XDG_DATA_HOME } = process.env;
  const options = {
    cwd: process.cwd(),
    demo: true,
    ...(o.config === undefined ? {} : { configFile: o.config }),
    ...(o.dataDir === undefined ? {} : { dataDir: o.dataDir }),
  };
  const loaded = loadConfig({ ...options, env: { HOME, XDG_DATA_HOME } });
  const { ui, ingest } = loadConfig({ ...options, env: process.env }).config;
  const { config } = loaded;
  const archive = config.minio === undefined ? { cold: { directory: join(config.gateway.data_dir, 'archive') } } : {};
  return { ...loaded, config: { ...archive, ...config, ui, ingest } };
}

/** What `start` should run: the configured gateway, or the demo when it is asked for or when nothing is configured. */
export function chooseConfig(o: CommonOptions & { demo?: boolean }): { loaded: LoadedConfig; demo: boolean } {
  if (o.demo === true) return { loaded: demoConfig(o), demo: true };
  const loaded = loadConfig({
    env: process.env,
    cwd: process.cwd(),
    ...(o.config === undefined ? {} : { configFile: o.config }),
    ...(o.dataDir === undefined ? {} : { dataDir: o.dataDir }),
  });
  return loaded.unconfigured ? { loaded: demoConfig(o), demo: true } : { loaded, demo: false };
}

/** `tidemark start`: serves until SIGTERM or SIGINT. One line on stdout once it serves; logs go to stderr. */
export async function startCommand(o: CommonOptions & { demo?: boolean; window?: boolean }): Promise<void> {
  const { loaded, demo } = chooseConfig(o);
  const log = createLog('info');
  const folder = loaded.config.gateway.data_dir;
  const gateway = await startGateway(loaded, { demo, log }).catch((error: unknown) => {
    const other = error instanceof TidemarkError && error.code === 'locked' ? readGatewayFile(folder) : undefined;
    if (other !== undefined)
      throw new CommandError(
        `another gateway (process ${other.pid}) already runs on ${folder}; its screen is at ${other.ui} ("tidemark url" opens it)`,
      );
    throw error;
  });
  console.log(
    o.json === true
      ? JSON.stringify({ url: gateway.url, ui: gateway.ui, ingest: gateway.ingest, data_dir: folder, demo })
      : `Tidemark${demo ? ' (demo site)' : ''} is at ${gateway.url}`,
  );
  // Kept now, not at the end: a gateway mostly ends by a power cut.
  flushCompileCache();
  const signal = await new Promise<string>((resolve) => {
    // For good, not once: a service manager signals the launcher and us, the launcher passes it on, and the second must not cut the end short.
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => resolve(name));
    void gateway.failed.then((error) => resolve(`the storage thread failed: ${messageOf(error)}`));
  });
  log.info({ signal }, 'stopping');
  const deadline = setTimeout(() => process.exit(1), STOP_DEADLINE_MS);
  deadline.unref();
  await gateway.stop();
  if (!signal.startsWith('SIG')) throw new CommandError(signal);
}
