import { z } from 'zod';
import { messageOf } from '../../shared/errors.ts';
import { type GatewayFile, readApiToken, readGatewayFile } from '../adapters/data-folder.ts';
import { defaultDataDir } from '../config/files.ts';
import { loadConfig } from '../config/load.ts';
import { CommandError } from './errors.ts';

/** Options every command has. */
export interface CommonOptions {
  config?: string;
  dataDir?: string;
  json?: boolean;
}

/** A running gateway, found through its data folder. */
export interface Client {
  gateway: GatewayFile;
  token: string;
  /** Calls REST; `path` starts behind /api/v1. Throws CommandError with the gateway's own words. */
  call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown>;
}

/** The data folder the options name; without any, the default one, or the demo's when only the demo runs. */
export function dataFolder(o: CommonOptions): string {
  const loaded = loadConfig({
    env: process.env,
    cwd: process.cwd(),
    ...(o.config === undefined ? {} : { configFile: o.config }),
    ...(o.dataDir === undefined ? {} : { dataDir: o.dataDir }),
  });
  const folder = loaded.config.gateway.data_dir;
  const demo = defaultDataDir(process.env, true);
  return loaded.unconfigured && readGatewayFile(folder) === undefined && readGatewayFile(demo) !== undefined
    ? demo
    : folder;
}

export function connect(o: CommonOptions): Client {
  const folder = dataFolder(o);
  const gateway = readGatewayFile(folder);
  if (gateway === undefined) throw new CommandError(`no gateway runs on ${folder}; start it with "tidemark start"`);
  const token = readToken(folder);
  return { gateway, token, call: (method, path, body) => call(gateway.ui, token, method, path, body) };
}

function readToken(folder: string): string {
  try {
    return readApiToken(folder);
  } catch (error) {
    throw new CommandError(`cannot read the gateway's api-token: ${messageOf(error)}; run this as the gateway's user`);
  }
}

const refusal = z.object({ message: z.string(), data: z.object({ action: z.string() }).optional() });

async function call(ui: string, token: string, method: 'GET' | 'POST', path: string, body: unknown): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(`${ui}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(120_000),
    });
  } catch (error) {
    throw new CommandError(
      `the gateway at ${ui} does not answer: ${error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : messageOf(error)}`,
    );
  }
  const text = await response.text();
  const answer = parseJson(text);
  if (response.ok) return answer;
  const { success, data } = refusal.safeParse(answer);
  if (!success) throw new CommandError(`HTTP ${response.status}`);
  const { message, data: { action } = { action: '' } } = data;
  throw new CommandError(action === '' ? message : `${message}; ${action}`, response.status === 400 ? 2 : 1);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandError('the gateway answered something that is not JSON; is another program on its port?');
  }
}
