/** Values as pairs of 32-bit words, over the same memory: moved and compared so, a NaN keeps its payload. */
export function wordsOf(v: Float64Array): Uint32Array {
  return new Uint32Array(v.buffer, v.byteOffset, 2 * v.length);
}
