import { lstatSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { messageOf } from '../../shared/errors.ts';
import { ConfigError } from './error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

function home(env: Environment): string {
  return env.HOME ?? homedir();
}

/** Where data lives when nothing says otherwise; the demo has a folder of its own. */
export function defaultDataDir(env: Environment, demo: boolean): string {
  return join(env.XDG_DATA_HOME ?? join(home(env), '.local', 'share'), demo ? 'tidemark-demo' : 'tidemark');
}

/** The configuration file in force: the one named, else ./tidemark.toml, else the platform's config folder; undefined when there is none. */
export function findConfigFile(named: string | undefined, env: Environment, cwd: string): string | undefined {
  if (named !== undefined) {
    const path = resolve(cwd, named);
    if (!isPresent(path)) throw new ConfigError(`${path}: the file named by --config does not exist`);
    return path;
  }
  const places = [
    join(cwd, 'tidemark.toml'),
    join(env.XDG_CONFIG_HOME ?? join(home(env), '.config'), 'tidemark', 'tidemark.toml'),
  ];
  return places.find((path) => isPresent(path));
}

const MAX_CONFIG_FILE = 1_000_000;
const MAX_SECRET_FILE = 64 * 1024;

/** Whether something has this name: a link that leads nowhere counts, so that a configuration that is meant is never passed over. */
export function isPresent(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Reads a text file of configuration. Throws with the reason. */
export function readConfigFile(path: string): string {
  return readRegular(path, MAX_CONFIG_FILE);
}

/** Reads a small text file that a key names. `where` is the place of the key, for the error. */
export function readNamedFile(path: string, key: string, where: string): string {
  try {
    return readRegular(path, MAX_SECRET_FILE);
  } catch (error) {
    throw new ConfigError(`${where}: ${key}: cannot read ${path}: ${messageOf(error)}`);
  }
}

/** Opens nothing but a regular file: a pipe or a device would hold the start up for ever. */
function readRegular(path: string, limit: number): string {
  const stat = statSync(path);
  if (!stat.isFile()) throw new Error('it is not a regular file');
  if (stat.size > limit) throw new Error(`it is larger than ${limit} bytes`);
  return readFileSync(path, 'utf8');
}
