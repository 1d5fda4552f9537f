import type Database from 'better-sqlite3';
import { damagedFrame } from '../codec/errors.ts';
import { readStored } from './unreadable.ts';

/**
 * SQLite reads a BLOB whole, however little of it is wanted, into memory of its own; memory for larger ones is fetched from the system and given back each time,
 * which takes longer than the reading.
 */
const PIECE_BYTES = 131_072;
/** Of one body, see idOf. */
const MOST_PIECES = 4_096;
const MOST_BYTES = PIECE_BYTES * MOST_PIECES;

type Table = 'segment_body' | 'segment_piece';

interface Reads {
  whole: Database.Statement<[number], { bytes: Buffer }>;
  part: Database.Statement<[number, number, number], { bytes: Buffer }>;
}

/** The bodies of segments: the first piece in segment_body, further ones in segment_piece. What older versions wrote is one piece, however large. */
export class Bodies {
  readonly #insertFirst: Database.Statement<[number, Uint8Array]>;
  readonly #insertPiece: Database.Statement<[number, Uint8Array]>;
  readonly #firstLength: Database.Statement<[number], { bytes: number }>;
  readonly #reads: Record<Table, Reads>;
  readonly #copies: Database.Statement<[number, number, number]>[];
  readonly #removals: Database.Statement<[number, number]>[];

  constructor(db: Database.Database) {
    this.#insertFirst = db.prepare('insert into segment_body (id, body) values (?, ?)');
    this.#insertPiece = db.prepare('insert into segment_piece (id, body) values (?, ?)');
    this.#firstLength = db.prepare('select length(body) bytes from segment_body where id = ?');
    const reads = (table: Table): Reads => ({
      whole: db.prepare(`select body bytes from ${table} where id = ?`),
      part: db.prepare(`select substr(body, ?, ?) bytes from ${table} where id = ?`),
    });
    this.#reads = { segment_body: reads('segment_body'), segment_piece: reads('segment_piece') };
    const tables = ['segment_body', 'segment_piece'] as const;
    this.#copies = tables.map((table) =>
      db.prepare(`insert into ${table} (id, body) select id + ?, body from ${table} where id between ? and ?`),
    );
    this.#removals = tables.map((table) => db.prepare(`delete from ${table} where id between ? and ?`));
  }

  insert(id: number, body: Uint8Array): void {
    if (body.length > MOST_BYTES) throw new RangeError(`a body of ${body.length} bytes is too large`);
    this.#insertFirst.run(id, body.subarray(0, PIECE_BYTES));
    for (let at = PIECE_BYTES; at < body.length; at += PIECE_BYTES)
      this.#insertPiece.run(idOf(id, at / PIECE_BYTES), body.subarray(at, at + PIECE_BYTES));
  }

  /** A copy of the bytes [offset, offset + length). Throws as fill does, whatever a damaged directory asks for. */
  read(id: number, offset: number, length: number): Uint8Array<ArrayBuffer> {
    if (offset + length > MOST_BYTES) throw damagedFrame('it is said to be larger than any');
    const bytes = new Uint8Array(length);
    this.fill(id, offset, bytes);
    return bytes;
  }

  /** Fills `out` with the bytes of a body from `offset` on. Throws 'damaged-frame' when they cannot be read, or are not there. */
  fill(id: number, offset: number, out: Uint8Array): void {
    readStored(() => {
      const first = this.#firstLength.get(id)?.bytes ?? 0;
      const end = offset + out.length;
      if (offset < first) this.#copy('segment_body', id, offset, first, out.subarray(0, first - offset));
      for (let at = Math.max(offset, first); at < end; ) {
        const [n, from] = [Math.floor((at - first) / PIECE_BYTES) + 1, (at - first) % PIECE_BYTES];
        const target = out.subarray(at - offset, at - offset + PIECE_BYTES - from);
        this.#copy('segment_piece', idOf(id, n), from, PIECE_BYTES, target);
        at += target.length;
      }
    });
  }

  /** The body of `from` becomes that of `to`, too. */
  copy(from: number, to: number): void {
    const [body, pieces] = this.#copies;
    body?.run(to - from, from, from);
    pieces?.run(idOf(to, 0) - idOf(from, 0), ...piecesOf(from));
  }

  remove(id: number): void {
    const [body, pieces] = this.#removals;
    body?.run(id, id);
    pieces?.run(...piecesOf(id));
  }

  /** From a piece of `length` bytes. */
  #copy(table: Table, id: number, from: number, length: number, out: Uint8Array): void {
    const { whole, part } = this.#reads[table];
    const isWhole = from === 0 && out.length === length;
    const bytes = (isWhole ? whole.get(id) : part.get(from + 1, out.length, id))?.bytes;
    if (bytes?.length !== out.length) throw damagedFrame('it is shorter than it was');
    out.set(bytes);
    release(bytes);
  }
}

const idOf = (id: number, n: number): number => id * MOST_PIECES + n;
const piecesOf = (id: number): [number, number] => [idOf(id, 1), idOf(id, MOST_PIECES - 1)];

/** Gives memory that nobody uses any more back at once: collections, each over the whole heap, would cost more than all the reading. */
export function release({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
