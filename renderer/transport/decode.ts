/** A column of the contract: base64 of little-endian Float64. Throws when it is not one. */
export function decodeColumn(base64: string): Float64Array {
  const text = atob(base64);
  if (text.length % 8 !== 0) throw new Error(`a column has ${text.length} bytes, not a multiple of 8`);
  const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(i * 8, true));
}
