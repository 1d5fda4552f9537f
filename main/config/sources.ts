import { parse, TomlError } from 'smol-toml';
import { messageOf } from '../../shared/errors.ts';
import { ConfigError } from './error.ts';
import { readConfigFile } from './files.ts';
import { lineOfKey } from './locate.ts';
import { NOT_YET, SECTIONS, type SectionName } from './schema.ts';

/** One key as somebody wrote it. `where` is `file:line` or the name of the environment variable. */
export interface RawValue {
  value: unknown;
  where: string;
  source: 'environment' | 'tidemark.toml' | 'settings.toml' | 'command line';
}

/** Dotted key -> what was written; later sources replace earlier ones. */
export type RawConfig = Map<string, RawValue>;

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function knownKeys(section: SectionName): string[] {
  return Object.keys(SECTIONS[section].shape);
}

function isSection(name: string): name is SectionName {
  return Object.hasOwn(SECTIONS, name);
}

/** Refuses keys that do not exist, or whose feature does not exist yet. */
function checkKnown(key: string, where: string): void {
  if (NOT_YET.some((k) => key === k || key.startsWith(`${k}.`)))
    throw new ConfigError(`${where}: ${key} is not supported yet; remove it`);
  const cut = key.lastIndexOf('.');
  const section = key.slice(0, Math.max(cut, 0));
  if (cut < 0 || !isSection(section)) {
    throw new ConfigError(`${where}: unknown key ${key}; the sections are ${Object.keys(SECTIONS).join(', ')}`);
  }
  const keys = knownKeys(section);
  if (!keys.includes(key.slice(cut + 1)))
    throw new ConfigError(`${where}: unknown key ${key}; [${section}] has ${keys.join(', ')}`);
}

/** Reads a TOML file into flat keys. Throws ConfigError with file, line and key. */
export function readToml(path: string, source: RawValue['source']): RawConfig {
  let text: string;
  try {
    text = readConfigFile(path);
  } catch (error) {
    throw new ConfigError(`${path}: cannot be read: ${messageOf(error)}`);
  }
  let document: Record<string, unknown>;
  try {
    document = parse(text);
  } catch (error) {
    if (error instanceof TomlError)
      throw new ConfigError(`${path}:${error.line}: not valid TOML: ${error.message.split('\n')[0] ?? ''}`);
    throw error;
  }
  const flat: RawConfig = new Map();
  const walk = (table: Record<string, unknown>, prefix: string): void => {
    for (const [name, value] of Object.entries(table)) {
      const key = prefix === '' ? name : `${prefix}.${name}`;
      const where = `${path}:${lineOfKey(text, key)}`;
      if (isTable(value) && (isSection(key) || !NOT_YET.includes(key))) {
        if (!Object.keys(SECTIONS).some((s) => s === key || s.startsWith(`${key}.`))) checkKnown(key, where);
        walk(value, key);
        continue;
      }
      checkKnown(key, where);
      flat.set(key, { value, where, source });
    }
  };
  walk(document, '');
  return flat;
}

const ENV_SECTIONS = Object.keys(SECTIONS)
  .filter(isSection)
  .sort((a, b) => b.length - a.length)
  .map((section) => ({ section, prefix: `TIDEMARK_${section.replace('.', '_').toUpperCase()}_` }));

/** Keys from `TIDEMARK_<SECTION>_<KEY>`. Numbers are read as such where the key wants one; arrays have no such form. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): RawConfig {
  const flat: RawConfig = new Map();
  for (const [name, text] of Object.entries(env)) {
    if (text === undefined || name.startsWith('TIDEMARK_TEST_')) continue;
    const match = ENV_SECTIONS.find(({ prefix }) => name.startsWith(prefix));
    if (match === undefined) continue;
    const key = `${match.section}.${name.slice(match.prefix.length).toLowerCase()}`;
    checkKnown(key, `environment variable ${name}`);
    if (key === 'ui.hosts')
      throw new ConfigError(
        `environment variable ${name}: ${key} is a list and has no environment form; set it in tidemark.toml`,
      );
    const value = /^-?\d+(\.\d+)?$/.test(text) && wantsNumber(match.section, key) ? Number(text) : text;
    flat.set(key, { value, where: `environment variable ${name}`, source: 'environment' });
  }
  return flat;
}

/** A key is numeric when some number is accepted for it. */
function wantsNumber(section: SectionName, key: string): boolean {
  const shape: Record<string, { safeParse(value: unknown): { success: boolean } } | undefined> =
    SECTIONS[section].shape;
  const schema = shape[key.slice(section.length + 1)];
  return [0, 1, 100].some((sample) => schema?.safeParse(sample).success === true);
}
