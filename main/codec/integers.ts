import type { ByteReader, ByteWriter } from './bytes.ts';
import { damagedFrame } from './errors.ts';
import { estimateBytes } from './estimate.ts';
import { fromLayout, LAYOUT, layoutLimit, packedBytes, packedWidth, toPacked, toPlanes, toVarints } from './layouts.ts';
import { makeSection, readSection, type Section, writeSection } from './section.ts';

/**
 * A column of integers: differences of order 0, 1 or 2, around a base and with their common divisor taken out, zigzagged, laid out
 * as bytes and compressed. Exact as long as every integer is below 2^49 in size (`LIMIT`): differences are then below 2^51, around their base
 * below 2^52, and zigzagged below 2^53.
 */
export const LIMIT = 2 ** 49;

const ORDERS = 3;
/** Orders and layouts of longer columns are chosen on pieces spread over the column. */
const SAMPLE_PIECES = 4;
const SAMPLE_PIECE = 512;
const SAMPLE = SAMPLE_PIECES * SAMPLE_PIECE;
/** Below this size what zstd's headers cost decides: both layouts are tried in full. */
const TRY_BOTH = 4096;

/** Differences of the given order; the first `order` entries are left out. */
function differences(n: Float64Array, order: number): Float64Array {
  const count = Math.max(0, n.length - order);
  const r = new Float64Array(count);
  if (order === 0) r.set(n);
  else if (order === 1) for (let i = 0; i < count; i++) r[i] = (n[i + 1] as number) - (n[i] as number);
  else for (let i = 0; i < count; i++) r[i] = (n[i + 2] as number) - 2 * (n[i + 1] as number) + (n[i] as number);
  return r;
}

function integrate(r: Float64Array, seeds: number[]): Float64Array {
  if (seeds.length === 0) return r;
  const n = new Float64Array(r.length + seeds.length);
  n.set(seeds);
  if (seeds.length === 1) {
    for (let i = 1; i < n.length; i++) n[i] = (n[i - 1] as number) + (r[i - 1] as number);
    return n;
  }
  let step = (n[1] as number) - (n[0] as number);
  for (let i = 2; i < n.length; i++) {
    step += r[i - 2] as number;
    n[i] = (n[i - 1] as number) + step;
  }
  return n;
}

function gcd(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

/** The greatest common divisor of all |r - base|; 0 when all are equal to the base. */
function divisor(r: Float64Array, base: number): number {
  let g = 0;
  for (let i = 0; i < r.length; i++) {
    const d = Math.abs((r[i] as number) - base);
    if (g !== 0) {
      const q = Math.floor(d / g);
      if (q * g === d) continue;
    }
    g = gcd(d, g);
    if (g === 1) return 1;
  }
  return g;
}

/** A typical entry: the nominal interval of a timestamp column, the middle of a noisy signal. */
function median(r: Float64Array): number {
  const step = Math.max(1, Math.floor(r.length / 255));
  const some = new Float64Array(Math.floor((r.length + step - 1) / step));
  for (let i = 0; i < some.length; i++) some[i] = r[i * step] as number;
  return some.sort()[some.length >> 1] ?? 0;
}

interface Shaped {
  base: number;
  scale: number;
  /** Zigzag of (r - base) / scale. */
  u: Float64Array;
  max: number;
}

function shape(r: Float64Array): Shaped {
  const base = median(r);
  const scale = divisor(r, base) || 1;
  const u = new Float64Array(r.length);
  let max = 0;
  for (let i = 0; i < r.length; i++) {
    const d = ((r[i] as number) - base) / scale;
    const z = d < 0 ? -2 * d - 1 : 2 * d;
    if (z > max) max = z;
    u[i] = z;
  }
  return { base, scale, u, max };
}

function sample(n: Float64Array): Float64Array[] {
  if (n.length <= SAMPLE + SAMPLE_PIECE) return [n];
  const stride = Math.floor((n.length - SAMPLE_PIECE) / (SAMPLE_PIECES - 1));
  return Array.from({ length: SAMPLE_PIECES }, (_, i) => n.subarray(i * stride, i * stride + SAMPLE_PIECE));
}

function chooseOrder(n: Float64Array): number {
  const pieces = sample(n);
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let order = 0; order < ORDERS && order < n.length; order++) {
    const cost = estimateOrder(pieces, order);
    // A higher order has to be clearly better: it also costs a seed.
    if (cost + 4 * order < least) {
      best = order;
      least = cost + 4 * order;
    }
  }
  return best;
}

function estimateOrder(pieces: Float64Array[], order: number): number {
  const parts = pieces.map((piece) => differences(piece, order));
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  const { u, max } = shape(all);
  return max === 0 ? 0 : Math.min(estimateBytes(u, max), packedBytes(u.length, packedWidth(max)));
}

interface LaidOut {
  layout: number;
  section: Section;
}

function chooseLayout(u: Float64Array, max: number): LaidOut {
  const planes: LaidOut = { layout: LAYOUT.planes, section: makeSection(toPlanes(u, max)) };
  const tries = [planes];
  if (u.length <= TRY_BOTH) tries.push({ layout: LAYOUT.varint, section: makeSection(toVarints(u)) });
  if (packedBytes(u.length, packedWidth(max)) < planes.section.bytes.length) {
    tries.push({ layout: LAYOUT.packed, section: { bytes: toPacked(u, max), compressed: false } });
  }
  return tries.reduce((a, b) => (b.section.bytes.length < a.section.bytes.length ? b : a));
}

/** Writes integers that are all below `LIMIT` in size. */
export function writeIntegers(out: ByteWriter, n: Float64Array): void {
  const order = chooseOrder(n);
  const { base, scale, u, max } = shape(differences(n, order));
  const best = max === 0 ? undefined : chooseLayout(u, max);
  out.u8((order << 4) | (best?.layout ?? LAYOUT.zero));
  for (let i = 0; i < order; i++) out.integer(n[i] ?? 0);
  out.integer(base);
  if (best === undefined) return;
  out.integer(scale);
  writeSection(out, best.section);
}

/** Reads `count` integers back; throws 'damaged-frame'. */
export function readIntegers(from: ByteReader, count: number): Float64Array {
  const head = from.u8();
  const order = head >> 4;
  const layout = head & 15;
  if (order >= ORDERS || order > count) throw damagedFrame(`it has differences of order ${order}`);
  const seeds: number[] = [];
  for (let i = 0; i < order; i++) seeds.push(from.integer());
  const base = from.integer();
  const residuals = count - order;
  if (layout === LAYOUT.zero) return integrate(new Float64Array(residuals).fill(base), seeds);
  const scale = from.integer();
  const r = fromLayout(layout, readSection(from, layoutLimit(layout, residuals)), residuals);
  for (let i = 0; i < residuals; i++) {
    const z = r[i] as number;
    const d = z % 2 === 0 ? z / 2 : -(z + 1) / 2;
    r[i] = base + scale * d;
  }
  return integrate(r, seeds);
}
