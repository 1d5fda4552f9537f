import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { byteEntropy } from './estimate.ts';

/**
 * Every zstd frame begins with these four bytes (RFC 8878, section 3.1.1): inside our frames they are left out, since a column
 * of a day is often no longer than 20 bytes.
 */
const ZSTD_MAGIC = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd);
/** A decoder allocates its window as the data says: no level used here needs more than 8 MiB, a hostile frame may not have more. */
const MAX_WINDOW_LOG = 24;
/** Shorter payloads never shrink enough to pay for the zstd headers. */
export const MIN_COMPRESS = 48;

/** Of columns; directories and indexes have their own (directory.ts). */
const COLUMN_LEVEL = 9;
const FAST_LEVEL = 1;
/** Payloads from this length on are sampled, and by this many bytes. */
const SAMPLE_FROM = 32 * 1024;
const SAMPLE = 4 * 1024;
const WORTH = 0.99;
/** Where the fast level made less of a shorter payload, the high one is tried whatever entropy says. */
const SHORT = 600;
/** What zlib allocates for the result at a time unless told. */
const CHUNK = 16 * 1024;
/** Beyond the payload, for headers of zstd. */
const ROOM = 64;

/** A standard zstd frame without the content size; with a checksum for what no digest of ours covers. */
export function zstd(bytes: Uint8Array, level: number, checksum: 0 | 1): Uint8Array {
  return zstdCompressSync(bytes, {
    chunkSize: Math.min(CHUNK, bytes.length + ROOM),
    params: {
      [constants.ZSTD_c_compressionLevel]: level,
      [constants.ZSTD_c_checksumFlag]: checksum,
      [constants.ZSTD_c_contentSizeFlag]: 0,
    },
  });
}

/** Throws whatever zlib throws on bad data or on more than `maxLength` bytes; the caller names what was damaged. */
export function unzstd(bytes: Uint8Array, maxLength: number): Uint8Array {
  return zstdDecompressSync(bytes, {
    // zlib refuses a limit of 0; empty payloads are never compressed.
    maxOutputLength: Math.max(1, maxLength),
    params: { [constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG },
  });
}

/**
 * The high level only where it finds something to repeat. A long payload is judged by a part of it; a shorter one by what the fast level makes of it: no less
 * than entropy coding alone, and nothing repeats.
 */
function pack(bytes: Uint8Array): Uint8Array {
  if (bytes.length >= SAMPLE_FROM) return zstd(bytes, levelFor(bytes), 0);
  const fast = zstd(bytes, FAST_LEVEL, 0);
  if (fast.length >= SHORT && fast.length >= byteEntropy(bytes)) return fast;
  const high = zstd(bytes, COLUMN_LEVEL, 0);
  return high.length < fast.length ? high : fast;
}

/** The high level only where it makes a part of the payload smaller than the fast one by more than a hundredth. */
function levelFor(bytes: Uint8Array): number {
  const middle = (bytes.length - SAMPLE) >> 1;
  const part = bytes.subarray(middle, middle + SAMPLE);
  return zstd(part, COLUMN_LEVEL, 0).length < WORTH * zstd(part, FAST_LEVEL, 0).length ? COLUMN_LEVEL : FAST_LEVEL;
}

/** The payload compressed, without zstd's magic number; undefined when that does not make it smaller. */
export function shrink(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length < MIN_COMPRESS) return undefined;
  const packed = pack(bytes);
  return packed.length - ZSTD_MAGIC.length < bytes.length ? packed.subarray(ZSTD_MAGIC.length) : undefined;
}

/** Undoes `shrink`. Throws whatever zlib throws. */
export function expand(bytes: Uint8Array, maxLength: number): Uint8Array {
  return unzstd(Buffer.concat([ZSTD_MAGIC, bytes]), maxLength);
}
