/** c * log2(c) for the counts of a sample. */
const C_LOG_C = Float64Array.from({ length: 4097 }, (_, c) => (c === 0 ? 0 : c * Math.log2(c)));
/** What a Huffman table costs per symbol, and a compressed block at least. */
const SYMBOL_BYTES = 0.4;
const BLOCK_BYTES = 10;

function cLogC(c: number): number {
  return c < C_LOG_C.length ? (C_LOG_C[c] as number) : c * Math.log2(c);
}

/** Bytes that the byte planes of `u` (integers from 0 to `max`) would take with an entropy coder: cheap, and close to what zstd makes of noise. */
export function estimateBytes(u: Float64Array, max: number): number {
  const histogram = new Uint32Array(256);
  let total = BLOCK_BYTES;
  for (let unit = 1; unit <= max; unit *= 256) {
    histogram.fill(0);
    for (let i = 0; i < u.length; i++) {
      const byte = max < 0x80000000 ? ((u[i] as number) / unit) & 255 : Math.floor((u[i] as number) / unit) % 256;
      histogram[byte] = (histogram[byte] as number) + 1;
    }
    let bits = cLogC(u.length);
    let symbols = 0;
    for (const c of histogram) {
      if (c === 0) continue;
      bits -= cLogC(c);
      symbols++;
    }
    total += bits / 8 + (symbols > 1 ? symbols * SYMBOL_BYTES : 0);
  }
  return total;
}
