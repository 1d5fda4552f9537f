import type Database from 'better-sqlite3';
import { damagedFrame } from '../codec/errors.ts';
import { release } from './memory.ts';
import { readStored } from './unreadable.ts';

/**
 * SQLite reads a BLOB whole, however little of it is wanted, into memory of its own; memory for larger ones is fetched from the system and given back each time,
 * which takes longer than the reading.
 */
const PIECE_BYTES = 131_072;
/** Of one body, see idOf. */
const MOST_PIECES = 4_096;
const MOST_BYTES = PIECE_BYTES * MOST_PIECES;

/** The bodies of segments: the first piece in segment_body, further ones in segment_piece. What older versions wrote is one piece, however large. */
export class Bodies {
  readonly #first: Pieces;
  readonly #further: Pieces;
  readonly #firstLength: Database.Statement<[number], { length: number }>;

  constructor(db: Database.Database) {
    this.#first = piecesIn(db, 'segment_body');
    this.#further = piecesIn(db, 'segment_piece');
    this.#firstLength = db.prepare('select length(body) length from segment_body where id = ?');
  }

  insert(id: number, body: Uint8Array): void {
    if (body.length > MOST_BYTES) throw new RangeError(`a body of ${body.length} bytes is too large`);
    this.#first.insert.run(id, body.subarray(0, PIECE_BYTES));
    for (let at = PIECE_BYTES; at < body.length; at += PIECE_BYTES)
      this.#further.insert.run(idOf(id, at / PIECE_BYTES), body.subarray(at, at + PIECE_BYTES));
  }

  /** A copy of the bytes [offset, offset + length). Throws as fill does, whatever a damaged row asks for. */
  read(id: number, offset: number, length: number): Uint8Array<ArrayBuffer> {
    if (offset + length > MOST_BYTES) throw damagedFrame('it is said to be larger than any');
    const bytes = new Uint8Array(length);
    this.fill(id, offset, bytes);
    return bytes;
  }

  /** Fills `out` with the bytes of a body from `offset` on. Throws 'damaged-frame' when they cannot be read, or are not there. */
  fill(id: number, offset: number, out: Uint8Array): void {
    readStored(() => {
      const first = this.#firstLength.get(id)?.length;
      if (first === undefined) throw damagedFrame('it is not there');
      const end = offset + out.length;
      if (offset < first) copyTo(out.subarray(0, first - offset), this.#first, id, offset, first);
      for (let at = Math.max(offset, first); at < end; ) {
        const [n, from] = [Math.floor((at - first) / PIECE_BYTES) + 1, (at - first) % PIECE_BYTES];
        const target = out.subarray(at - offset, at - offset + PIECE_BYTES - from);
        copyTo(target, this.#further, idOf(id, n), from, PIECE_BYTES);
        at += target.length;
      }
    });
  }

  /** The body of `from` becomes that of `to`, too. */
  copy(from: number, to: number): void {
    this.#first.copy.run(to - from, from, from);
    this.#further.copy.run(idOf(to, 0) - idOf(from, 0), ...furtherOf(from));
  }

  remove(id: number): void {
    this.#first.remove.run(id, id);
    this.#further.remove.run(...furtherOf(id));
  }
}

/** What is done with the pieces in one table. */
type Pieces = ReturnType<typeof piecesIn>;

function piecesIn(db: Database.Database, table: string) {
  return {
    insert: db.prepare<[id: number, body: Uint8Array]>(`insert into ${table} (id, body) values (?, ?)`),
    whole: db.prepare<[id: number], { bytes: Buffer }>(`select body bytes from ${table} where id = ?`),
    part: db.prepare<[from: number, length: number, id: number], { bytes: Buffer }>(
      `select substr(body, ?, ?) bytes from ${table} where id = ?`,
    ),
    copy: db.prepare<[by: number, first: number, last: number]>(
      `insert into ${table} (id, body) select id + ?, body from ${table} where id between ? and ?`,
    ),
    remove: db.prepare<[first: number, last: number]>(`delete from ${table} where id between ? and ?`),
  };
}

/** Fills `out` from a piece of `length` bytes, from `from` on. */
function copyTo(out: Uint8Array, { whole, part }: Pieces, id: number, from: number, length: number): void {
  const isWhole = from === 0 && out.length === length;
  const bytes = (isWhole ? whole.get(id) : part.get(from + 1, out.length, id))?.bytes;
  if (bytes?.length !== out.length) throw damagedFrame('it is shorter than it was');
  out.set(bytes);
  release(bytes);
}

/** Of the n-th piece of a segment: exact for up to 2^41 segments. */
const idOf = (id: number, n: number): number => id * MOST_PIECES + n;
/** From the first to the last there may be in segment_piece. */
const furtherOf = (id: number): [number, number] => [idOf(id, 1), idOf(id, MOST_PIECES - 1)];

/** Rows of segment_piece that a body of so many bytes may have. */
export function furtherPieces(id: number, bytes: number): number[] {
  return Array.from({ length: Math.max(0, Math.ceil(bytes / PIECE_BYTES) - 1) }, (_, n) => idOf(id, n + 1));
}
