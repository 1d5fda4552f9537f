import { ByteReader, ByteWriter } from './bytes.ts';
import { damagedFrame } from './errors.ts';

/**
 * How a column of integers from 0 to 2^53 - 1 becomes bytes. The numbers are part of the format (docs/FORMAT.md): never reuse one.
 * Hot loops index typed arrays within their length; `as number` tells the compiler so.
 */
export const LAYOUT = { zero: 0, varint: 1, planes: 2, packed: 3 } as const;

const WORD = 2 ** 32;

/** Bytes, or bits, that hold `max`. */
function width(max: number, bits: number): number {
  let w = 1;
  for (let limit = 2 ** bits; limit <= max; limit *= 2 ** bits) w++;
  return w;
}

export function toVarints(u: Float64Array): Uint8Array {
  const out = new ByteWriter();
  for (const n of u) out.varint(n);
  return out.finish();
}

function fromVarints(bytes: Uint8Array, count: number): Float64Array {
  const from = new ByteReader(bytes);
  const u = new Float64Array(count);
  for (let i = 0; i < count; i++) u[i] = from.varint();
  from.end();
  return u;
}

/** Plane p holds byte p (lowest first) of every integer; one byte first says how many planes there are. */
export function toPlanes(u: Float64Array, max: number): Uint8Array {
  const planes = width(max, 8);
  const count = u.length;
  const out = new Uint8Array(1 + planes * count);
  out[0] = planes;
  for (let i = 0; i < count; i++) {
    const n = u[i] as number;
    let low = n | 0;
    if (n >= 0x80000000) low = (n % WORD) | 0;
    let at = 1 + i;
    const lowPlanes = Math.min(planes, 4);
    for (let p = 0; p < lowPlanes; p++, at += count) {
      out[at] = low;
      low >>>= 8;
    }
    if (planes > 4) {
      let high = Math.floor(n / WORD);
      for (let p = 4; p < planes; p++, at += count) {
        out[at] = high;
        high >>>= 8;
      }
    }
  }
  return out;
}

function fromPlanes(bytes: Uint8Array, count: number): Float64Array {
  const planes = bytes[0] ?? 0;
  if (planes < 1 || planes > 7 || bytes.length !== 1 + planes * count)
    throw damagedFrame('its byte planes do not fit its count');
  const u = new Float64Array(count);
  for (let i = 0; i < count; i++) u[i] = bytes[1 + i] as number;
  for (let p = 1, unit = 256; p < planes; p++, unit *= 256) {
    const start = 1 + p * count;
    for (let i = 0; i < count; i++) u[i] = (u[i] as number) + (bytes[start + i] as number) * unit;
  }
  return u;
}

/** The bits of every integer one after the other, lowest bit first; one byte first says how many bits each has. */
export function toPacked(u: Float64Array, max: number): Uint8Array {
  const bits = width(max, 1);
  const out = new Uint8Array(packedBytes(u.length, bits));
  out[0] = bits;
  let at = 1;
  let pending = 0;
  let held = 0;
  for (let i = 0; i < u.length; i++) {
    // At most 7 bits are held, so that everything stays below 2^60 only by taking the integer in two parts of at most 27 bits.
    let rest = u[i] as number;
    for (let left = bits; left > 0; left -= 24) {
      const take = Math.min(left, 24);
      const part = rest % 2 ** take;
      rest = (rest - part) / 2 ** take;
      pending |= part << held;
      held += take;
      while (held >= 8) {
        out[at++] = pending;
        pending >>>= 8;
        held -= 8;
      }
    }
  }
  if (held > 0) out[at] = pending;
  return out;
}

export function packedBytes(count: number, bits: number): number {
  return 1 + Math.ceil((count * bits) / 8);
}

export function packedWidth(max: number): number {
  return width(max, 1);
}

function fromPacked(bytes: Uint8Array, count: number): Float64Array {
  const bits = bytes[0] ?? 0;
  if (bits < 1 || bits > 53 || bytes.length !== packedBytes(count, bits))
    throw damagedFrame('its packed bits do not fit its count');
  const u = new Float64Array(count);
  let at = 1;
  let pending = 0;
  let held = 0;
  for (let i = 0; i < count; i++) {
    let n = 0;
    let unit = 1;
    for (let left = bits; left > 0; left -= 24) {
      const take = Math.min(left, 24);
      while (held < take) {
        pending |= (bytes[at++] as number) << held;
        held += 8;
      }
      n += (pending & ((1 << take) - 1)) * unit;
      pending >>>= take;
      held -= take;
      unit *= 2 ** take;
    }
    u[i] = n;
  }
  return u;
}

/** Most bytes a layout may take for `count` integers. */
export function layoutLimit(layout: number, count: number): number {
  return layout === LAYOUT.zero ? 0 : 1 + 8 * count;
}

/** Reads `count` integers back; throws 'damaged-frame'. */
export function fromLayout(layout: number, bytes: Uint8Array, count: number): Float64Array {
  switch (layout) {
    case LAYOUT.zero:
      return new Float64Array(count);
    case LAYOUT.varint:
      return fromVarints(bytes, count);
    case LAYOUT.planes:
      return fromPlanes(bytes, count);
    case LAYOUT.packed:
      return fromPacked(bytes, count);
    default:
      throw damagedFrame(`it has the unknown layout ${layout}`);
  }
}
