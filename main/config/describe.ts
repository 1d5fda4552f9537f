import type { Setting } from '../../shared/schemas.ts';
import type { LoadedConfig } from './load.ts';
import { formatDuration, SECRET_KEYS, SECTIONS } from './schema.ts';

/**
 * Every effective setting as text, with where it came from. `actual` names what only the running gateway knows, by key: its id when none is set, the port
 * that was free. Secrets are only `set` or `not set`.
 */
export function describeConfig(loaded: LoadedConfig, actual: Readonly<Record<string, string>> = {}): Setting[] {
  const rows: Setting[] = [];
  for (const [name, schema] of Object.entries(SECTIONS)) {
    const configured = [...loaded.raw.keys()].some((key) => key.startsWith(`${name}.`));
    if ((name === 'minio' || name === 'cold') && !configured) continue;
    const defaults = schema.partial().safeParse({});
    for (const key of Object.keys(schema.shape)) {
      const given = loaded.raw.get(`${name}.${key}`);
      const standard: unknown = defaults.success ? Reflect.get(defaults.data, key) : undefined;
      rows.push({
        key: `${name}.${key}`,
        value: SECRET_KEYS.includes(`${name}.${key}`)
          ? given === undefined
            ? 'not set'
            : 'set'
          : (actual[`${name}.${key}`] ?? show(given?.value ?? written(`${name}.${key}`, standard))),
        source: given?.source ?? 'default',
      });
    }
  }
  return rows;
}

function show(value: unknown): string {
  if (value === undefined || value === null) return 'not set';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  if (typeof value === 'object' && 'host' in value && 'port' in value)
    return `${String(value.host)}:${String(value.port)}`;
  return String(value);
}

/** A default as somebody would write it. */
function written(key: string, standard: unknown): unknown {
  return key === 'tiering.interval' && typeof standard === 'number' ? formatDuration(standard) : standard;
}
