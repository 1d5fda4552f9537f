/** A column as frame data, and the number of the encoding that made it. */
export interface Encoded {
  number: number;
  data: Uint8Array;
}

/** One way to write a column. */
export interface Encoding {
  /** Its number within its kind of frame; part of the format, never given to anything else. */
  readonly number: number;
  /** The column as frame data, or undefined when this encoding does not suit it. The column is not empty. */
  encode(column: Float64Array): Uint8Array | undefined;
  /** `count` entries from frame data; throws 'damaged-frame' whatever the data are. */
  decode(data: Uint8Array, count: number): Float64Array;
}

/** A column by one encoding; undefined when that does not suit it. */
export function encodeWith(encoding: Encoding, column: Float64Array): Encoded | undefined {
  const data = encoding.encode(column);
  return data && { number: encoding.number, data };
}
