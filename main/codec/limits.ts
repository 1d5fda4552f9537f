/** Most readings of one chunk, and so of one frame: a reader refuses a frame that claims more. */
export const MAX_CHUNK_READINGS = 131_072;

/** Most bytes a directory or index may have once decompressed (a block of 200,000 chunks needs about 20 MB). */
export const MAX_INDEX_BYTES = 64 * 1024 * 1024;

/** Bytes of a digest, and of the digest written as hex digits. */
export const DIGEST_BYTES = 16;
export const DIGEST_HEX = 2 * DIGEST_BYTES;
