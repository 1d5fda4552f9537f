import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
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

const counts = (): unknown[] =>
  ['segment_body', 'segment_piece'].map((table) => db.prepare(`select count(*) from ${table}`).pluck().get());

const damaged = expect.objectContaining({ code: 'damaged-frame' });

/** As versions up to schema 7 wrote it. */
function insertWhole(id: number, body: Uint8Array): void {
  db.prepare('insert into segment_body (id, body) values (?, ?)').run(id, body);
}

it.each([
  ['in pieces', (id: number, body: Uint8Array) => bodies.insert(id, body)],
  ['in one, of an older version', insertWhole],
])('D10 any part of a body %s is read to the byte, and what is not there is refused', (_, insert) => {
  const body = bodyOf(3 * PIECE + 5);
  for (const id of [1, 2, 3]) insert(id, id === 2 ? body : bodyOf(2 * PIECE).fill(id));
  const at = fc.oneof(
    fc.nat(body.length),
    fc.constantFrom(0, 1, 2, 3).map((n) => n * PIECE),
  );
  fc.assert(
    fc.property(at, at, (a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      expect(Buffer.from(bodies.read(2, from, to - from)).equals(body.subarray(from, to))).toBe(true);
    }),
  );
  expect(() => bodies.read(2, body.length - 1, 2)).toThrow(damaged);
  expect(() => bodies.read(2, body.length, 1)).toThrow(damaged);
  expect(() => bodies.read(2, 0, 2 ** 40)).toThrow(damaged);
  expect(() => bodies.read(4, 0, 1)).toThrow(damaged);
});

it.each([1, PIECE, PIECE + 1, 3 * PIECE])(
  'D10 a body of %i bytes is copied and removed with all its pieces',
  (length) => {
    const body = bodyOf(length);
    for (const id of [6, 7, 8]) bodies.insert(id, id === 7 ? body : bodyOf(2 * PIECE).fill(id));
    const others = counts();
    bodies.copy(7, 900_000);
    bodies.remove(7);
    expect(counts()).toEqual(others);
    expect(Buffer.from(bodies.read(900_000, 0, length)).equals(body)).toBe(true);
    expect(() => bodies.read(7, 0, length)).toThrow(damaged);
    for (const id of [6, 8]) expect(bodies.read(id, 0, 2 * PIECE)).toEqual(bodyOf(2 * PIECE).fill(id));
    bodies.remove(900_000);
    for (const id of [6, 8]) bodies.remove(id);
    expect(counts()).toEqual([0, 0]);
  },
);

it('D10 a piece that is missing is damage of what it holds, and of nothing else', () => {
  const body = bodyOf(4 * PIECE);
  bodies.insert(5, body);
  db.prepare('delete from segment_piece where id = ?').run(5 * 4_096 + 2);
  expect(() => bodies.read(5, 2 * PIECE, 1)).toThrow(damaged);
  expect(() => bodies.read(5, 0, 4 * PIECE)).toThrow(damaged);
  expect(Buffer.from(bodies.read(5, 0, 2 * PIECE)).equals(body.subarray(0, 2 * PIECE))).toBe(true);
  expect(Buffer.from(bodies.read(5, 3 * PIECE, PIECE)).equals(body.subarray(3 * PIECE))).toBe(true);
});
