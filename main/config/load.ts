import { dirname, join, resolve } from 'node:path';
import { ConfigError } from './error.ts';
import { defaultDataDir, type Environment, findConfigFile, isPresent, readNamedFile } from './files.ts';
import { type Config, isPrintable, SECTIONS, type SectionName } from './schema.ts';
import { type RawConfig, readEnvironment, readToml } from './sources.ts';

export interface LoadOptions {
  /** `--config`. */
  configFile?: string;
  /** `--data-dir`. */
  dataDir?: string;
  demo?: boolean;
  env: Environment;
  cwd: string;
}

export interface LoadedConfig {
  config: Config;
  /** Where each key that was set came from. */
  raw: RawConfig;
  /** Files that were read, in order of precedence. */
  files: string[];
  /** Nothing was configured at all: the demo site is due. */
  unconfigured: boolean;
}

/**
 * The effective configuration: environment over tidemark.toml over settings.toml. Throws ConfigError, whose message names
 * file, line and key, for anything unknown, of a wrong type or unreadable.
 */
export function loadConfig(o: LoadOptions): LoadedConfig {
  const file = o.demo === true && o.configFile === undefined ? undefined : findConfigFile(o.configFile, o.env, o.cwd);
  const environment = readEnvironment(o.env);
  const fromFile: RawConfig = file === undefined ? new Map() : readToml(file, 'tidemark.toml');
  const chosen = o.dataDir ?? environment.get('gateway.data_dir')?.value ?? fromFile.get('gateway.data_dir')?.value;
  const standard = defaultDataDir(o.env, false);
  const fileFolder = file === undefined ? o.cwd : dirname(file);
  const dataBase = o.dataDir === undefined && environment.get('gateway.data_dir') === undefined ? fileFolder : o.cwd;
  const dataDir =
    typeof chosen === 'string' && chosen !== '' ? resolve(dataBase, chosen) : defaultDataDir(o.env, o.demo === true);
  const settings = join(dataDir, 'settings.toml');
  const saved: RawConfig = isPresent(settings) ? readToml(settings, 'settings.toml') : new Map();
  const raw: RawConfig = new Map([...saved, ...fromFile, ...environment]);
  if (o.dataDir !== undefined)
    raw.set('gateway.data_dir', { value: o.dataDir, where: '--data-dir', source: 'command line' });
  const unconfigured =
    raw.size === 0 && file === undefined && o.dataDir === undefined && !isPresent(join(standard, 'settings.toml'));
  const folders = { 'tidemark.toml': fileFolder, 'settings.toml': dataDir, environment: o.cwd, 'command line': o.cwd };
  const config = assemble(raw, dataDir, (key, path) => resolve(folders[raw.get(key)?.source ?? 'environment'], path));
  return {
    config,
    raw,
    files: [file, isPresent(settings) ? settings : undefined].filter((f) => f !== undefined),
    unconfigured,
  };
}

function section<S extends SectionName>(raw: RawConfig, name: S): ReturnType<(typeof SECTIONS)[S]['parse']> {
  const input: Record<string, unknown> = {};
  for (const [key, { value }] of raw) {
    if (key.slice(0, key.lastIndexOf('.')) === name) input[key.slice(name.length + 1)] = value;
  }
  const result = SECTIONS[name].safeParse(input);
  if (result.success) return result.data as ReturnType<(typeof SECTIONS)[S]['parse']>;
  const issue = result.error.issues[0];
  const key = `${name}.${String(issue?.path[0] ?? '')}`;
  const where = raw.get(key)?.where;
  if (where === undefined) throw new ConfigError(`${whereOf(raw, name)}: ${key} is missing; [${name}] needs it`);
  throw new ConfigError(`${where}: ${key}: ${issue?.message ?? 'not valid'}`);
}

function whereOf(raw: RawConfig, name: SectionName): string {
  for (const [key, { where }] of raw) if (key.startsWith(`${name}.`)) return where;
  return 'configuration';
}

function has(raw: RawConfig, name: SectionName): boolean {
  return [...raw.keys()].some((key) => key.startsWith(`${name}.`));
}

/** Makes the path a key gives absolute: relative ones start at the folder of the file that names them, else at the working directory. */
type PathOf = (key: string, path: string) => string;

function assemble(raw: RawConfig, dataDir: string, pathOf: PathOf): Config {
  if (has(raw, 'minio') && has(raw, 'cold')) {
    throw new ConfigError(`${whereOf(raw, 'cold')}: both [minio] and [cold] are set; keep the one that is the archive`);
  }
  const gateway = section(raw, 'gateway');
  const http = section(raw, 'ingest.http');
  const tokens =
    http.token_file === undefined
      ? undefined
      : readTokens(pathOf('ingest.http.token_file', http.token_file), raw.get('ingest.http.token_file')?.where ?? '');
  return {
    gateway: { id: gateway.id, data_dir: dataDir, max_series: gateway.max_series },
    ...(has(raw, 'minio') ? { minio: minio(raw, pathOf) } : {}),
    ...(has(raw, 'cold') ? { cold: { directory: pathOf('cold.directory', section(raw, 'cold').directory) } } : {}),
    tiering: section(raw, 'tiering'),
    ingest: { ...section(raw, 'ingest'), http: { listen: http.listen, ...(tokens === undefined ? {} : { tokens }) } },
    ui: section(raw, 'ui'),
  };
}

function minio(raw: RawConfig, pathOf: PathOf): NonNullable<Config['minio']> {
  const { secret_key, secret_key_file, ca_file, ...rest } = section(raw, 'minio');
  const at = (key: string): string => raw.get(`minio.${key}`)?.where ?? whereOf(raw, 'minio');
  if (secret_key !== undefined && secret_key_file !== undefined) {
    throw new ConfigError(
      `${at('secret_key_file')}: both minio.secret_key and minio.secret_key_file are set; keep one`,
    );
  }
  const secret =
    secret_key ??
    (secret_key_file === undefined
      ? undefined
      : readNamedFile(
          pathOf('minio.secret_key_file', secret_key_file),
          'minio.secret_key_file',
          at('secret_key_file'),
        ).trim());
  if (secret === undefined)
    throw new ConfigError(`${whereOf(raw, 'minio')}: minio.secret_key or minio.secret_key_file is missing`);
  if (secret === '') throw new ConfigError(`${at('secret_key_file')}: minio.secret_key_file names an empty file`);
  if (!isPrintable(secret)) {
    throw new ConfigError(
      `${at('secret_key_file')}: minio.secret_key_file must hold one line, without control characters`,
    );
  }
  const ca =
    ca_file === undefined ? undefined : readNamedFile(pathOf('minio.ca_file', ca_file), 'minio.ca_file', at('ca_file'));
  if (ca !== undefined && !ca.includes('-----BEGIN CERTIFICATE-----')) {
    throw new ConfigError(`${at('ca_file')}: minio.ca_file must be a PEM file with at least one certificate`);
  }
  return { ...rest, secret_key: secret, ...(ca === undefined ? {} : { ca }) };
}

function readTokens(path: string, where: string): string[] {
  const tokens = readNamedFile(path, 'ingest.http.token_file', where)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (tokens.length === 0)
    throw new ConfigError(`${where}: ingest.http.token_file names a file without a token (one a line)`);
  return tokens;
}
