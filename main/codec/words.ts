/** Values as pairs of 32-bit words, over the same memory: moved and compared so, a NaN keeps its payload. */
export function wordsOf(v: Float64Array): Uint32Array {
  return new Uint32Array(v.buffer, v.byteOffset, 2 * v.length);
}

/** The eight bytes of one value, over the same memory. */
export function bitsAt(v: Float64Array, index: number): Uint8Array {
  return new Uint8Array(v.buffer, v.byteOffset + 8 * index, 8);
}
