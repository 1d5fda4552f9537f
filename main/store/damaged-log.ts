import { existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import { headerOf } from './damaged-database.ts';
import type { EventRow } from './types.ts';

/** A log's header and that of its first frame, bytes (https://www.sqlite.org/fileformat2.html#walformat). */
const HEADER = 32;
const FRAME_HEADER = 24;
/** The lowest bit says in which order of bytes checksums read words. */
const MAGIC = 0x377f0682;

/** A log that was set aside, and its size. */
export interface LostLog {
  kept: string;
  bytes: number;
}

/**
 * SQLite passes over a log that does not begin as one, with all commits that are in it. Such a log, if it holds anything, is set aside under another name, which is
 * returned. To be called before the database is opened.
 */
export function setLogAside(path: string): LostLog | undefined {
  const wal = `${path}-wal`;
  if (!existsSync(wal)) return undefined;
  const bytes = statSync(wal).size;
  // A power cut in the first write leaves zeros, or less than a frame: nothing in there was acknowledged.
  if (bytes <= HEADER + FRAME_HEADER || isHeader(headerOf(wal)) || readFileSync(wal).every((byte) => byte === 0))
    return undefined;
  let n = 1;
  while (existsSync(`${path}-log-damaged-${n}`)) n++;
  const kept = `${path}-log-damaged-${n}`;
  renameSync(wal, kept);
  return { kept, bytes };
}

function isHeader(bytes: Buffer): boolean {
  const magic = bytes.readUInt32BE(0);
  if ((magic & ~1) !== MAGIC) return false;
  const word = (at: number): number => ((magic & 1) === 1 ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at));
  let [a, b] = [0, 0];
  for (let at = 0; at < HEADER - 8; at += 8) {
    a = (a + word(at) + b) >>> 0;
    b = (b + word(at + 4) + a) >>> 0;
  }
  return a === bytes.readUInt32BE(24) && b === bytes.readUInt32BE(28);
}

export function damagedLogEvent({ kept, bytes }: LostLog, atUs: number): Omit<EventRow, 'id'> {
  const text = `The beginning of the database's log is damaged, so that the ${bytes} bytes in it, the newest changes, cannot be read: readings that came since the log was last written back are lost with it. It is kept as ${kept}. Have clients send again what they still have, and check the disk.`;
  return { atUs, code: 'TM-LOG-DAMAGED', level: 'error', detail: { file: kept, bytes }, text };
}
