import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { utcTime } from '../../shared/units.ts';
import { mergeRuns } from '../codec/merge.ts';
import { losePages } from '../testing/lost-pages.ts';
import { Store } from './store.ts';

const BATCHES = 400;
let dir: string;
let store: Store | undefined;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tidemark-database-'));
  store = undefined;
});
afterEach(() => {
  store?.close();
  rmSync(dir, { recursive: true, force: true });
});

const path = (): string => join(dir, 'tidemark.db');
const open = (): Store => {
  store = new Store({ path: path(), maxSeries: 1_000, nowUs: 0 });
  return store;
};
const idOf = (s: Store): number => s.series.resolve({ measurement: 'm', field: 'a', tags: [] }) ?? 0;

/** Batch i is one reading at i, received a second after the one before. */
function append(s: Store, i: number, n = 1): void {
  const t = Float64Array.from({ length: n }, (_, k) => i + k);
  s.append({ count: n, series: new Uint32Array(n).fill(idOf(s)), t, v: t.map(Math.sqrt) }, i * 1_000_000);
}
const read = (s: Store): number[] => [...mergeRuns(s.runs('m.a', 0, 1e9, new Map(), new Set()).runs).t];

/** A stopped gateway whose readings are all in the journal. Made once: each of its commits waits for the disk. */
function fill(): void {
  copyFileSync(join(made, 'tidemark.db'), path());
}
const made = mkdtempSync(join(tmpdir(), 'tidemark-made-'));
beforeAll(() => {
  const s = new Store({ path: join(made, 'tidemark.db'), maxSeries: 1_000, nowUs: 0 });
  for (let i = 1; i <= BATCHES; i++) append(s, i);
  s.close();
});
afterAll(() => rmSync(made, { recursive: true, force: true }));

/** Zeros in the place of the n-th page of a kind. */
const lose = (table: string, kind: 'leaf' | 'internal' | 'overflow', n = 0): void => {
  let at = 0;
  expect(losePages(path(), table, kind, () => at++ === n)).toBe(1);
};
const zeros = (bytes: number): void => {
  const file = readFileSync(path());
  writeFileSync(path(), file.fill(0, 0, bytes));
};

describe('D8 a database that cannot be used: the start names the file, what was found and what to do, and changes nothing', () => {
  it.each<[string, string | RegExp, () => void]>([
    ['its header is lost', 'it cannot be read: it begins with zeros, where its header should be', () => zeros(100)],
    [
      'its first page is lost',
      'it cannot be read: it begins with zeros, where its header should be',
      () => zeros(4_096),
    ],
    ['the schema is lost', /^it cannot be read: /, () => lose('sqlite_schema', 'leaf')],
    [
      'it was cut to half',
      /^it cannot be read: it was cut off: \d+ of \d+ bytes are there$/,
      () => truncateSync(path(), Math.floor(statSync(path()).size / 8_192) * 4_096),
    ],
    [
      'it is another file',
      'it cannot be read: it does not begin as a database does',
      () => writeFileSync(path(), 'hello '.repeat(999)),
    ],
    [
      'it is a folder',
      'it cannot be read: it is not a regular file',
      () => {
        rmSync(path());
        mkdirSync(path());
      },
    ],
    ['its names are lost', /^the names of the series cannot be read: /, () => lose('series', 'leaf')],
    ['its sources are lost', /^the names of the series cannot be read: /, () => lose('source', 'leaf')],
    ['its settings are lost', /^what this gateway is cannot be read: /, () => lose('meta', 'leaf')],
    ['its counters are lost', /^the journal cannot be read: /, () => lose('sqlite_sequence', 'leaf')],
  ])('D8 %s', (_, found, damage) => {
    fill();
    damage();
    const state = (): unknown[] =>
      readdirSync(dir).flatMap((name) =>
        name === 'tidemark.db' && statSync(path()).isFile() ? [name, readFileSync(path()).toString('base64')] : [name],
      );
    const before = state();
    for (const _again of [1, 2]) {
      const error = (() => {
        try {
          return open();
        } catch (thrown) {
          return thrown;
        }
      })();
      expect(error).toMatchObject({
        code: 'damaged-database',
        action: expect.stringContaining('move the data folder away and keep it'),
      });
      const { message } = error as Error;
      const head = `cannot use the database ${path()}: `;
      expect(message.slice(0, head.length)).toBe(head);
      expect(message.slice(head.length)).toEqual(typeof found === 'string' ? found : expect.stringMatching(found));
    }
    expect(state().filter((name) => !/-(wal|shm)$/.test(String(name)))).toEqual(before);
  });

  it.each<[string, string, boolean, () => void]>([
    [
      'is empty, with its log beside it',
      'it is empty, but a log of 4152 bytes is beside it',
      false,
      () => writeFileSync(path(), ''),
    ],
    [
      'is gone, with its log beside it',
      'it is gone, but a log of 4152 bytes is beside it',
      false,
      () => rmSync(path()),
    ],
    [
      'is empty where a gateway has run',
      'it is empty, but a gateway has run in this folder before',
      true,
      () => {
        writeFileSync(path(), '');
        rmSync(`${path()}-wal`);
      },
    ],
  ])('D8 a database that %s is no new one', (_, found, hasRun, damage) => {
    fill();
    writeFileSync(`${path()}-wal`, Buffer.alloc(4_152, 1));
    damage();
    const files = (): unknown[] => readdirSync(dir).map((name) => [name, readFileSync(join(dir, name)).length]);
    const before = files();
    const start = (): Store => new Store({ path: path(), maxSeries: 1_000, nowUs: 0, hasRun });
    expect(start).toThrow(
      expect.objectContaining({ code: 'damaged-database', message: expect.stringContaining(found) }),
    );
    expect(files()).toEqual(before);
  });

  it('D8 an empty file that a first start left behind is a new database', () => {
    writeFileSync(path(), '');
    expect(read(open())).toEqual([]);
  });
});

describe('D2 a log whose beginning is lost', () => {
  /** As a power cut leaves a gateway: `n` readings more are in the log alone. */
  function cutPower(n: number): void {
    fill();
    const s = open();
    s.cut(1, 'always');
    const [db, log] = [readFileSync(path()), `${path()}-wal`];
    for (let i = 1; i <= n; i++) append(s, BATCHES + i);
    const wal = readFileSync(log);
    s.close();
    store = undefined;
    writeFileSync(path(), db);
    writeFileSync(log, wal);
  }
  const damageLog = (damage: (log: Buffer) => Buffer): void =>
    writeFileSync(`${path()}-wal`, damage(readFileSync(`${path()}-wal`)));
  const all = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
  const told = (s: Store): unknown[] => s.events({ limit: 9 }).filter(({ code }) => code === 'TM-LOG-DAMAGED');

  it('D2 is whole when nothing is wrong with it, and no log that was never begun is told', () => {
    cutPower(3);
    let s = open();
    expect([read(s), told(s)]).toEqual([all(BATCHES + 3), []]);
    s.close();
    for (const log of [Buffer.alloc(50_000), Buffer.alloc(56, 7)]) {
      writeFileSync(`${path()}-wal`, log);
      s = open();
      expect([read(s), told(s)]).toEqual([all(BATCHES + 3), []]);
      s.close();
    }
  });

  it.each<[string, (log: Buffer) => Buffer]>([
    ['its header is zeros', (log) => log.fill(0, 0, 32)],
    ['its first page is zeros', (log) => log.fill(0, 0, 4_096)],
    [
      'one bit of its header flipped',
      (log) => {
        log[17] = (log[17] ?? 0) ^ 4;
        return log;
      },
    ],
    ['it is garbage', () => Buffer.alloc(50_000, 0x5a)],
  ])(
    'D2 %s: it is told and kept, what was written back is there, and what comes counts as newer than all before',
    (_, damage) => {
      cutPower(3);
      damageLog(damage);
      const bytes = readFileSync(`${path()}-wal`);
      let s = open();
      const { length } = read(s);
      expect(length).toBeLessThanOrEqual(BATCHES);
      expect(told(s)).toEqual([
        expect.objectContaining({ level: 'error', detail: { file: `${path()}-log-damaged-1`, bytes: bytes.length } }),
      ]);
      expect(readFileSync(`${path()}-log-damaged-1`)).toEqual(bytes);
      expect(s.startReport().epoch).toBe(2);
      append(s, BATCHES + 9);
      s.close();
      s = open();
      expect([read(s).length, told(s).length, s.startReport().epoch]).toEqual([length + 1, 1, 2]);
    },
  );
});

describe('D2 pages of the journal that the disk lost', () => {
  it.each([
    ['a page in its middle', 'leaf', 2],
    ['its first page', 'leaf', 0],
    ['its last page', 'leaf', -1],
    ['the root', 'internal', 0],
  ] as const)(
    'D2 %s: all other readings are there, what is lost is told, and readings come, go and come back as before',
    (_, kind, n) => {
      fill();
      const leaves: string[] = [];
      losePages(path(), 'journal', 'leaf', (place) => leaves.push(place) < 0);
      expect(leaves.length).toBeGreaterThan(4);
      lose('journal', kind, n === -1 ? leaves.length - 1 : n);
      let s = open();
      const left = read(s);
      const events = s.events({ limit: 99 }).filter(({ code }) => code === 'TM-JOURNAL-DAMAGED');
      expect(events).toHaveLength(1);
      const [from = 0, to = 0] = [
        ...(events[0]?.text ?? '').matchAll(/Entries (\d+) to (\d+) of the journal cannot be read/g),
      ].flatMap((m) => [Number(m[1]), Number(m[2])]);
      expect(to).toBeGreaterThan(from);
      expect(left).toEqual(Array.from({ length: BATCHES }, (_x, i) => i + 1).filter((i) => i < from || i > to));
      if (kind === 'leaf') expect(left.length).toBeGreaterThan(BATCHES / 2);
      if (n > 0)
        expect(events[0]?.text).toContain(
          `after ${utcTime((from - 1) * 1_000_000)} and before ${utcTime((to + 1) * 1_000_000)}`,
        );
      append(s, BATCHES + 1);
      // No number is used twice, and nothing is told again.
      for (let start = 0; start < 2; start++) {
        s.close();
        s = open();
        expect(read(s)).toEqual([...left, BATCHES + 1]);
        expect(s.stats().local.damaged).toBe(true);
      }
      expect(s.events({ limit: 99 }).filter(({ code }) => code === 'TM-JOURNAL-DAMAGED')).toHaveLength(1);
      s.cut(1, 'always');
      append(s, BATCHES + 2);
      expect(read(s)).toEqual([...left, BATCHES + 1, BATCHES + 2]);
    },
  );

  it('D2 a page of one large entry: this entry alone is lost', () => {
    const s = open();
    for (const at of [1, 100_000, 200_000])
      s.append(
        {
          count: 20_000,
          series: new Uint32Array(20_000).fill(idOf(s)),
          t: Float64Array.from({ length: 20_000 }, (_, k) => at + k),
          v: Float64Array.from({ length: 20_000 }, Math.random),
        },
        at,
      );
    s.close();
    // Entries lie in one leaf or in several, as the bytes that are not in overflow pages fall: the chains tell them apart.
    const chains = new Map<string, string>();
    losePages(path(), 'journal', 'overflow', (place) => {
      const chain = place.slice(0, place.indexOf('+'));
      chains.set(chain, chains.get(chain) ?? place);
      return false;
    });
    expect(chains.size).toBe(3);
    const page = chains.get([...chains.keys()].sort()[1] ?? '');
    expect(losePages(path(), 'journal', 'overflow', (place) => place === page)).toBe(1);
    const after = open();
    expect(read(after)).toHaveLength(40_000);
    expect(after.events({ limit: 9 })[0]?.text).toMatch(/^Entry 2 of the journal cannot be read/);
  });
});
