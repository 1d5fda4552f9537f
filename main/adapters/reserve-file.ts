import { randomBytes } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import type { ReserveFile } from '../ports/reserve-file.ts';

const PIECE = 1_048_576;

/** The reserve as one file. Its content is random: file systems that compress or leave zeros out give room to it, too. */
export function createReserveFile(path: string): ReserveFile {
  const piece = randomBytes(PIECE);
  return {
    bytes: () =>
      stat(path).then(
        ({ size }) => size,
        () => 0,
      ),
    async grow(bytes) {
      const file = await open(path, 'a', 0o600);
      try {
        for (let left = bytes; left > 0; left -= PIECE) await file.write(piece, 0, Math.min(left, PIECE));
      } finally {
        await file.close();
      }
    },
    release: () => rm(path, { force: true }),
  };
}
