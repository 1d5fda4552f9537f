import { damagedFrame } from './errors.ts';

/**
 * How a column of integers from 0 to 2^53 - 1 becomes bytes. The numbers are part of the format (docs/FORMAT.md): never reuse one.
 * Hot loops index typed arrays within their length; `as number` tells the compiler so.
 */
export const LAYOUT = { same: 0, planes: 1, packed: 2 } as const;

const WORD = 2 ** 32;
/** Integers below this one can be shifted and masked. */
const INT32 = 2 ** 31;
/** Bits are moved in steps that fit a 31-bit register beside up to 7 bits left over. */
const STEP = 24;

function bytesFor(max: number): number {
  let w = 1;
  for (let limit = 256; limit <= max; limit *= 256) w++;
  return w;
}

/** Bits that hold every integer from 0 to `max`. */
export function bitsFor(max: number): number {
  let w = 1;
  for (let limit = 2; limit <= max; limit *= 2) w++;
  return w;
}

/** Plane p holds byte p (lowest first) of every integer; one byte before them says how many planes there are. */
export function toPlanes(u: Float64Array, max: number): Uint8Array {
  const planes = bytesFor(max);
  const count = u.length;
  const out = new Uint8Array(1 + planes * count);
  out[0] = planes;
  if (max < INT32) {
    for (let p = 0; p < planes; p++) {
      const start = 1 + p * count;
      const shift = 8 * p;
      for (let i = 0; i < count; i++) out[start + i] = (u[i] as number) >> shift;
    }
    return out;
  }
  for (let p = 0, unit = 1; p < planes; p++, unit *= 256) {
    const start = 1 + p * count;
    for (let i = 0; i < count; i++) {
      const rest = Math.floor((u[i] as number) / unit);
      out[start + i] = rest - Math.floor(rest / 256) * 256;
    }
  }
  return out;
}

function fromPlanes(bytes: Uint8Array, count: number): Float64Array {
  const planes = checkPlanes(bytes, count);
  const plane = (p: number): Uint8Array => bytes.subarray(1 + p * count, 1 + (p + 1) * count);
  const u = new Float64Array(count);
  u.set(plane(0));
  for (let p = 1, unit = 256; p < planes; p++, unit *= 256) {
    const more = plane(p);
    for (let i = 0; i < count; i++) u[i] = (u[i] as number) + (more[i] as number) * unit;
  }
  return u;
}

/** Bytes that `count` integers of `bits` bits take when packed. */
export function packedBytes(count: number, bits: number): number {
  return 1 + Math.ceil((count * bits) / 8);
}

/** The bits of every integer one after the other, lowest bit first; one byte before them says how many bits each has. */
export function toPacked(u: Float64Array, max: number): Uint8Array {
  const bits = bitsFor(max);
  const out = new Uint8Array(packedBytes(u.length, bits));
  out[0] = bits;
  let at = 1;
  let pending = 0;
  let held = 0;
  for (let i = 0; i < u.length; i++) {
    let low = u[i] as number;
    let high = 0;
    if (low >= INT32) {
      high = Math.floor(low / WORD);
      low -= high * WORD;
    }
    for (let done = 0; done < bits; done += STEP) {
      const take = Math.min(bits - done, STEP);
      // Bits 0 to 23, 24 to 47, 48 to 52 of the two words.
      const part = done === 0 ? low : done === STEP ? (low >>> 24) | (high << 8) : high >>> 16;
      pending |= (part & ((1 << take) - 1)) << held;
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

function fromPacked(bytes: Uint8Array, count: number): Float64Array {
  const bits = checkPacked(bytes, count);
  const u = new Float64Array(count);
  let at = 1;
  let pending = 0;
  let held = 0;
  for (let i = 0; i < count; i++) {
    let n = 0;
    for (let done = 0, unit = 1; done < bits; done += STEP, unit *= 2 ** STEP) {
      const take = Math.min(bits - done, STEP);
      while (held < take) {
        pending |= (bytes[at++] as number) << held;
        held += 8;
      }
      n += (pending & ((1 << take) - 1)) * unit;
      pending >>>= take;
      held -= take;
    }
    u[i] = n;
  }
  return u;
}

/** Most bytes a layout takes for `count` integers. */
export function layoutLimit(count: number): number {
  return 1 + 7 * count;
}

/** Up to so many bits, integers are read back as int32. */
const SMALL_BITS = 24;

/**
 * The signed numbers of a payload of up to 24 bits each, which nearly all have: planes are zigzag, packed ones are not signed. Undefined for wider ones.
 * Throws 'damaged-frame'.
 */
export function fromSmallLayout(layout: number, bytes: Uint8Array, count: number): Int32Array | undefined {
  const width = bytes[0] ?? 0;
  if (layout === LAYOUT.planes) return width > SMALL_BITS / 8 ? undefined : zigzagsFromPlanes(bytes, count);
  if (layout === LAYOUT.packed) return width > SMALL_BITS ? undefined : smallFromPacked(bytes, count);
  throw damagedFrame(`it has the unknown layout ${layout}`);
}

function zigzagsFromPlanes(bytes: Uint8Array, count: number): Int32Array {
  const planes = checkPlanes(bytes, count);
  const out = new Int32Array(count);
  const [second, third] = [1 + count, 1 + 2 * count];
  for (let i = 0; i < count; i++) {
    let z = bytes[1 + i] as number;
    if (planes > 1) z |= (bytes[second + i] as number) << 8;
    if (planes > 2) z |= (bytes[third + i] as number) << 16;
    out[i] = (z >>> 1) ^ -(z & 1);
  }
  return out;
}

function smallFromPacked(bytes: Uint8Array, count: number): Int32Array {
  const bits = checkPacked(bytes, count);
  const out = new Int32Array(count);
  const mask = (1 << bits) - 1;
  let at = 1;
  let pending = 0;
  let held = 0;
  for (let i = 0; i < count; i++) {
    while (held < bits) {
      pending |= (bytes[at++] as number) << held;
      held += 8;
    }
    out[i] = pending & mask;
    pending >>>= bits;
    held -= bits;
  }
  return out;
}

/** How many planes there are. */
function checkPlanes(bytes: Uint8Array, count: number): number {
  const planes = bytes[0] ?? 0;
  if (planes < 1 || planes > 7 || bytes.length !== 1 + planes * count)
    throw damagedFrame('its byte planes do not fit its count');
  return planes;
}

/** How many bits each number has. */
function checkPacked(bytes: Uint8Array, count: number): number {
  const bits = bytes[0] ?? 0;
  if (bits < 1 || bits > 53 || bytes.length !== packedBytes(count, bits))
    throw damagedFrame('its packed bits do not fit its count');
  return bits;
}

/** Reads `count` integers of any size back; throws 'damaged-frame'. */
export function fromLayout(layout: number, bytes: Uint8Array, count: number): Float64Array {
  if (layout === LAYOUT.planes) return fromPlanes(bytes, count);
  if (layout === LAYOUT.packed) return fromPacked(bytes, count);
  throw damagedFrame(`it has the unknown layout ${layout}`);
}
