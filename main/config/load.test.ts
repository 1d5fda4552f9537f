import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeConfig } from './describe.ts';
import { type LoadOptions, loadConfig } from './load.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tidemark-config-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function load(toml: string | undefined, env: Record<string, string> = {}, more: Partial<LoadOptions> = {}) {
  if (toml !== undefined) writeFileSync(join(dir, 'tidemark.toml'), toml);
  return loadConfig({ env: { HOME: dir, ...env }, cwd: dir, ...more });
}

const MINIO =
  '[minio]\nendpoint = "http://127.0.0.1:9000"\nbucket = "site"\naccess_key = "a"\nsecret_key = "hidden-secret"\n';

describe('CFG1 precedence', () => {
  it('CFG1 gives the documented defaults when nothing is set, and says that nothing was', () => {
    const loaded = load(undefined);
    const { config, unconfigured } = loaded;
    expect(unconfigured).toBe(true);
    expect(describeConfig(loaded)).toContainEqual({ key: 'tiering.interval', value: '1h', source: 'default' });
    const actual = { 'ui.listen': '127.0.0.1:40001' };
    expect(describeConfig(loaded, actual)).toContainEqual({
      key: 'ui.listen',
      value: '127.0.0.1:40001',
      source: 'default',
    });
    expect(config.tiering).toEqual({
      max_age_days: 30,
      max_local_size_gb: 10,
      interval: 3_600_000,
      concurrency: 2,
      target_block_mb: 32,
      verify: 'readback',
      cache_mb: 512,
    });
    expect(config.ingest.http.listen).toEqual({ host: '127.0.0.1', port: 8086 });
    expect(config.gateway.data_dir).toBe(join(dir, '.local/share/tidemark'));
  });

  it('CFG1 prefers environment over tidemark.toml over settings.toml', () => {
    const data = join(dir, 'data');
    mkdirSync(data);
    writeFileSync(join(data, 'settings.toml'), '[tiering]\nmax_age_days = 7\nconcurrency = 3\ncache_mb = 1\n');
    const { config, unconfigured } = load(
      '[gateway]\ndata_dir = "data"\n[tiering]\nmax_age_days = 8\nconcurrency = 4\n',
      { TIDEMARK_TIERING_MAX_AGE_DAYS: '9', TIDEMARK_INGEST_HTTP_LISTEN: '127.0.0.1:0' },
    );
    expect([config.tiering.max_age_days, config.tiering.concurrency, config.tiering.cache_mb]).toEqual([9, 4, 1]);
    expect(config.ingest.http.listen.port).toBe(0);
    expect(unconfigured).toBe(false);
  });

  it('CFG1 reads --config, --data-dir, secret, CA and token files relative to the file that names them', () => {
    writeFileSync(join(dir, 'secret'), 'from-file\n');
    writeFileSync(join(dir, 'tokens'), '# site\none\ntwo\n');
    writeFileSync(
      join(dir, 'other.toml'),
      `${MINIO.replace('secret_key = "hidden-secret"', 'secret_key_file = "secret"')}[ingest.http]\ntoken_file = "tokens"\n`,
    );
    const cwd = join(dir, 'elsewhere');
    const { config } = load(undefined, {}, { configFile: '../other.toml', dataDir: 'here', cwd });
    expect(config.minio?.secret_key).toBe('from-file');
    expect(config.ingest.http.tokens).toEqual(['one', 'two']);
    expect(config.gateway.data_dir).toBe(join(cwd, 'here'));
    const env = { TIDEMARK_GATEWAY_DATA_DIR: 'there', TIDEMARK_INGEST_HTTP_TOKEN_FILE: '../tokens' };
    expect(load(undefined, env, { configFile: '../other.toml', cwd }).config).toMatchObject({
      gateway: { data_dir: join(cwd, 'there') },
      minio: { secret_key: 'from-file' },
    });
  });
});

describe('CFG2 wrong input is refused by file, line and key', () => {
  const cases: [name: string, toml: string, message: RegExp][] = [
    [
      'an unknown key',
      '[tiering]\n\nmax_age_day = 3\n',
      /tidemark\.toml:3: unknown key tiering\.max_age_day; \[tiering\] has max_age_days/,
    ],
    ['an unknown section', '[tier]\nx = 1\n', /tidemark\.toml:1: unknown key tier/],
    ['a key outside any section', 'max_age_days = 3\n', /tidemark\.toml:1: unknown key max_age_days/],
    [
      'a wrong type',
      '[tiering]\nmax_age_days = "x"\n',
      /tidemark\.toml:2: tiering\.max_age_days: expected a whole number/,
    ],
    ['a value out of range', '[tiering]\nconcurrency = 0\n', /:2: tiering\.concurrency: must be at least 1/],
    [
      'a size that is none',
      '[tiering]\nmax_local_size_gb = "10 GB"\n',
      /:2: tiering\.max_local_size_gb: expected a number of GB/,
    ],
    ['a limit of nothing', '[tiering]\nmax_local_size_gb = 0\n', /:2: tiering\.max_local_size_gb: must be more than 0/],
    ['a wrong unit', '[tiering]\ninterval = "1 hour"\n', /:2: tiering\.interval: expected a duration/],
    ['a later feature', '[tiering]\nupload_limit_kbps = 100\n', /:2: tiering\.upload_limit_kbps is not supported yet/],
    ['a later listener', '[[ingest.mqtt]]\nurl = "mqtt://x"\n', /:1: ingest\.mqtt is not supported yet/],
    ['both archives', `${MINIO}[cold]\ndirectory = "x"\n`, /:7: both \[minio\] and \[cold\]/],
    ['a missing key', '[minio]\nendpoint = "http://x:9000"\n', /minio\.bucket is missing/],
    ['an endpoint with a path', MINIO.replace(':9000', ':9000/bucket'), /:2: minio\.endpoint: expected an address/],
    [
      'an unreadable secret file',
      MINIO.replace('secret_key = "hidden-secret"', 'secret_key_file = "none"'),
      /:5: minio\.secret_key_file: cannot read/,
    ],
    [
      'an access key with a line break',
      MINIO.replace('"a"', '"a\\nb"'),
      /:4: minio\.access_key: must not hold line breaks/,
    ],
    [
      'a secret with a control character',
      MINIO.replace('hidden-secret', 'a\\u0001b'),
      /:5: minio\.secret_key: must not/,
    ],
    ['bad TOML', '[tiering\n', /tidemark\.toml:1: not valid TOML/],
  ];
  it.each(cases)('CFG2 refuses %s', (_, toml, message) => {
    expect(() => load(toml)).toThrow(message);
  });

  it('CFG2 refuses unknown keys of known sections in the environment, and lists', () => {
    expect(() => load('', { TIDEMARK_TIERING_AGE: '1' })).toThrow(
      /environment variable TIDEMARK_TIERING_AGE: unknown key tiering\.age/,
    );
    expect(() => load('', { TIDEMARK_UI_HOSTS: 'a,b' })).toThrow(/is a list/);
    expect(load('', { TIDEMARK_TEST_X: '1', TIDEMARK_OTHER: '2' }).config.tiering.max_age_days).toBe(30);
  });

  it('CFG2 refuses a --config that is not there', () => {
    expect(() => load(undefined, {}, { configFile: 'gone.toml' })).toThrow(
      /gone\.toml: the file named by --config does not exist/,
    );
  });
});

describe('CFG3 secrets', () => {
  it('CFG2 refuses a secret file of several lines without showing it', () => {
    writeFileSync(join(dir, 'f'), 'hidden\nsecret\n');
    const toml = MINIO.replace('secret_key = "hidden-secret"', 'secret_key_file = "f"');
    expect(() => load(toml)).toThrow(/:5: minio\.secret_key_file must hold one line/);
    expect(() => load(toml)).not.toThrow(/hidden/);
  });

  it('CFG3 never shows a secret in settings or errors', () => {
    const loaded = load(MINIO);
    const shown = JSON.stringify(describeConfig(loaded));
    expect(shown).not.toContain('hidden-secret');
    expect(shown).toContain('"minio.secret_key","value":"set"');
    expect(() => load(`${MINIO}secret_key_file = "x"\n`)).toThrow(/keep one/);
    expect(() => load(`${MINIO}secret_key_file = "x"\n`)).not.toThrow(/hidden-secret/);
  });
});

describe('CFG5 only regular files are read', () => {
  const keys: [key: string, toml: string][] = [
    ['minio.secret_key_file', MINIO.replace('secret_key = "hidden-secret"', 'secret_key_file = "f"')],
    ['minio.ca_file', `${MINIO}ca_file = "f"\n`],
    ['ingest.http.token_file', '[ingest.http]\ntoken_file = "f"\n'],
  ];
  it.each(keys)('CFG5 refuses a pipe, a device, a folder, a loop and a large file as %s', (key, toml) => {
    const f = join(dir, 'f');
    const makers = [
      () => execFileSync('mkfifo', [f]),
      () => symlinkSync('/dev/zero', f),
      () => mkdirSync(f),
      () => symlinkSync('f', f),
      () => writeFileSync(f, 'x'.repeat(65_537)),
    ];
    for (const make of makers) {
      make();
      expect(() => load(toml)).toThrow(new RegExp(`tidemark\\.toml:\\d+: ${key}: cannot read .*/f: `));
      rmSync(f, { recursive: true });
    }
  });

  it('CFG5 refuses a configuration that is a pipe, a folder, a loop or leads nowhere, and never passes it over', () => {
    for (const name of ['tidemark.toml', '.local/share/tidemark/settings.toml']) {
      const path = join(dir, name);
      mkdirSync(join(path, '..'), { recursive: true });
      const makers = [
        () => execFileSync('mkfifo', [path]),
        () => mkdirSync(path),
        () => symlinkSync(path, path),
        () => symlinkSync('nowhere', path),
      ];
      for (const make of makers) {
        make();
        expect(() => load(undefined)).toThrow(`${path}: cannot be read`);
        rmSync(path, { recursive: true });
      }
    }
  });
});
