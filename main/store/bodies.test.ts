import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { objectBytes, prove } from '../testing/blocks.ts';
import { ColdStore, type Field } from '../testing/cold-store.ts';
import { Bodies } from './bodies.ts';
import { openDatabase } from './database.ts';

const KIB = 1_024;
const PIECE = 128 * KIB;

let dir: string;
let db: Database.Database;
let bodies: Bodies;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tidemark-bodies-'));
  ({ db } = openDatabase(join(dir, 'tidemark.db'), 1_000_000, false));
  // Bodies without their rows.
  db.pragma('foreign_keys = OFF');
  bodies = new Bodies(db);
});
afterEach(() => {
  db.close();
  rmSync(dir, { recursive: true, force: true });
});

function bodyOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + Math.floor(i / 251)) % 256);
}

/** Compared as a whole: matchers go byte by byte. */
const isBody = (body: Uint8Array, id: number, from = 0, to = body.length): boolean =>
  Buffer.from(bodies.read(id, from, to - from)).equals(body.subarray(from, to));

const counts = (of = db): unknown[] =>
  ['segment_body', 'segment_piece'].map((table) => of.prepare(`select count(*) from ${table}`).pluck().get());

const damaged = expect.objectContaining({ code: 'damaged-frame' });

/** As versions up to schema 7 wrote it. */
function insertWhole(id: number, body: Uint8Array): void {
  db.prepare('insert into segment_body (id, body) values (?, ?)').run(id, body);
}

const AS_OF_NOW = ['in pieces', (id: number, body: Uint8Array) => bodies.insert(id, body)] as const;
const AS_BEFORE = ['in one, of an older version', insertWhole] as const;

it.each([AS_OF_NOW, AS_BEFORE])(
  'D10 any part of a body %s is read to the byte, and what is not there is refused',
  (_, insert) => {
    const body = bodyOf(3 * PIECE + 5);
    for (const id of [1, 2, 3]) insert(id, id === 2 ? body : bodyOf(2 * PIECE).fill(id));
    const at = fc.oneof(
      fc.nat(body.length),
      fc.constantFrom(0, 1, 2, 3).map((n) => n * PIECE),
    );
    fc.assert(
      fc.property(at, at, (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        expect(isBody(body, 2, from, to)).toBe(true);
      }),
    );
    expect(() => bodies.read(2, body.length - 1, 2)).toThrow(damaged);
    expect(() => bodies.read(2, body.length, 1)).toThrow(damaged);
    expect(() => bodies.read(2, 0, 2 ** 40)).toThrow(damaged);
    for (const length of [0, 1]) expect(() => bodies.read(4, 0, length)).toThrow(damaged);
  },
);

const LENGTHS = [0, 1, PIECE, PIECE + 1, 3 * PIECE];

it.each(LENGTHS.flatMap((length) => [AS_OF_NOW, AS_BEFORE].map(([how, insert]) => ({ length, how, insert }))))(
  'D10 a body of $length bytes $how is copied and removed with all its pieces',
  ({ length, insert }) => {
    const body = bodyOf(length);
    for (const id of [6, 7, 8]) insert(id, id === 7 ? body : bodyOf(2 * PIECE).fill(id));
    const others = counts();
    // Pieces have ids that a double still has exactly.
    const copy = 2 ** 41 - 1;
    bodies.copy(7, copy);
    bodies.remove(7);
    expect(counts()).toEqual(others);
    expect(isBody(body, copy)).toBe(true);
    expect(() => bodies.read(7, 0, length)).toThrow(damaged);
    for (const id of [6, 8]) expect(isBody(bodyOf(2 * PIECE).fill(id), id)).toBe(true);
    for (const id of [copy, 6, 8]) bodies.remove(id);
    expect(counts()).toEqual([0, 0]);
  },
);

it('D10 a piece that is missing is damage of what it holds, and of nothing else', () => {
  const body = bodyOf(4 * PIECE);
  bodies.insert(5, body);
  db.prepare('delete from segment_piece where id = ?').run(5 * 4_096 + 2);
  expect(() => bodies.read(5, 2 * PIECE, 1)).toThrow(damaged);
  expect(() => bodies.read(5, 0, 4 * PIECE)).toThrow(damaged);
  expect(isBody(body, 5, 0, 2 * PIECE)).toBe(true);
  expect(isBody(body, 5, 3 * PIECE)).toBe(true);
  // Further pieces never stand in for the first.
  db.prepare('delete from segment_body where id = 5').run();
  expect(() => bodies.read(5, 0, PIECE)).toThrow(damaged);
});

/** Makes it what schema 7 was. */
function asBefore(old: Database.Database): void {
  const further = old
    .prepare<[number], Buffer>('select body from segment_piece where id / 4096 = ? order by id')
    .pluck();
  const join = old.prepare<[Buffer, number]>('update segment_body set body = ? where id = ?');
  let largest = 0;
  for (const { id, body } of old.prepare<[], { id: number; body: Buffer }>('select * from segment_body').all()) {
    const whole = Buffer.concat([body, ...further.all(id)]);
    largest = Math.max(largest, whole.length);
    join.run(whole, id);
  }
  expect(largest).toBeGreaterThan(2 * PIECE);
  old.exec('drop table segment_piece');
  old.pragma('user_version = 7');
}

it('D10 what a database of the version before has is answered, compacted, planned, sent and evicted, together with what comes after it', () => {
  const site = new ColdStore(1e9);
  const fill = (day: number, field: Field): void =>
    site.append(
      field,
      Array.from({ length: 20_000 }, (_, i) => [day * DAY_US + i * 1_000_000, Math.random()]),
    );
  const plan = () => site.store.planBlock(2, { gatewayId: 'g', prefix: '', storeId: 's', targetBytes: 1e9, nowUs: 1 });
  const expectAll = (): void => {
    for (const field of ['a', 'b', 'c'] as const) site.expectRaw(field, 0, 2 * DAY_US);
  };
  for (const day of [0, 1, 2]) for (const field of ['a', 'b'] as const) fill(day, field);
  site.cut();
  for (const day of [1, 2]) site.close(day);
  site.store.freezeDay(2);
  const { id, bytes, sha256 } = plan() ?? { id: '', bytes: 0, sha256: '' };
  site.reopen(asBefore);
  expectAll();
  expect(
    createHash('sha256')
      .update(objectBytes(site.store, id, 0, bytes))
      .digest('hex'),
  ).toBe(sha256);
  while (site.store.splitStep(id, 100_000));
  for (const day of [0, 1]) fill(day, 'c');
  site.cut();
  for (const day of [0, 1]) site.tier(day);
  prove(site.store, id, 1);
  expect(site.store.evictBlock(id, 1)).toBeDefined();
  expectAll();
  site.reopen((left) => {
    expect(counts(left)).toEqual([0, 0]);
  });
  site.end();
});
