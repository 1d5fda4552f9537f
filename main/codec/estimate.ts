/** c * log2(c) for the counts of a sample. */
const C_LOG_C = Float64Array.from({ length: 4097 }, (_, c) => (c === 0 ? 0 : c * Math.log2(c)));
/** What a Huffman table costs per symbol, and zstd's headers. */
const SYMBOL_BYTES = 0.4;
const BLOCK_BYTES = 10;
const INT32 = 2 ** 31;

function cLogC(c: number): number {
  return c < C_LOG_C.length ? (C_LOG_C[c] as number) : c * Math.log2(c);
}

/**
 * Bytes that the byte planes of `u` (integers from 0 to `max`) would take with an entropy coder (Shannon's entropy of order 0): cheap,
 * and close to what zstd makes of noise; repetitions are not seen.
 */
export function estimateBytes(u: Float64Array, max: number): number {
  const histogram = new Uint32Array(256);
  let total = BLOCK_BYTES;
  for (let unit = 1, shift = 0; unit <= max; unit *= 256, shift += 8) {
    if (max < INT32) {
      for (let i = 0; i < u.length; i++) count(histogram, ((u[i] as number) >> shift) & 255);
    } else {
      for (let i = 0; i < u.length; i++) {
        const rest = Math.floor((u[i] as number) / unit);
        count(histogram, rest - Math.floor(rest / 256) * 256);
      }
    }
    total += entropy(histogram, u.length);
    histogram.fill(0);
  }
  return total;
}

/** Shannon's entropy of order 0 of the bytes, in bytes, without what its coder takes itself. */
export function byteEntropy(bytes: Uint8Array): number {
  const histogram = new Uint32Array(256);
  for (let i = 0; i < bytes.length; i++) count(histogram, bytes[i] as number);
  return (cLogC(bytes.length) - histogram.reduce((sum, c) => sum + cLogC(c), 0)) / 8;
}

function count(histogram: Uint32Array, byte: number): void {
  histogram[byte] = (histogram[byte] as number) + 1;
}

function entropy(histogram: Uint32Array, length: number): number {
  let bits = cLogC(length);
  let symbols = 0;
  for (let byte = 0; byte < 256; byte++) {
    const c = histogram[byte] as number;
    if (c === 0) continue;
    bits -= cLogC(c);
    symbols++;
  }
  return bits / 8 + (symbols > 1 ? symbols * SYMBOL_BYTES : 0);
}
