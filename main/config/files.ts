import { existsSync, readFileSync, statSync } from 'node:fs';
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
    if (!existsSync(path)) throw new ConfigError(`${path}: the file named by --config does not exist`);
    return path;
  }
  const places = [
    join(cwd, 'tidemark.toml'),
    join(env.XDG_CONFIG_HOME ?? join(home(env), '.config'), 'tidemark', 'tidemark.toml'),
  ];
  return places.find((path) => existsSync(path));
}

const MAX_SMALL_FILE = 1_000_000;

/** Reads a small text file that a key names. `where` is the place of the key, for the error. */
export function readNamedFile(path: string, key: string, where: string): string {
  try {
    if (statSync(path).size > MAX_SMALL_FILE) throw new Error('it is larger than 1 MB');
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`${where}: ${key}: cannot read ${path}: ${messageOf(error)}`);
  }
}
