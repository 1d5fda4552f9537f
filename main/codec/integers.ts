import type { ByteReader, ByteWriter } from './bytes.ts';
import { MIN_COMPRESS } from './compress.ts';
import { damagedFrame } from './errors.ts';
import { estimateBytes } from './estimate.ts';
import {
  bitsFor,
  fromLayout,
  fromSmallLayout,
  LAYOUT,
  layoutLimit,
  packedBytes,
  toPacked,
  toPlanes,
} from './layouts.ts';
import { aboveLeast, centre, differences, integrate, integrateSmall, type Residuals, unzigzag } from './residuals.ts';
import { makeSection, readSection, type Section, writeSection } from './section.ts';

/**
 * A column of integers: differences of order 0, 1 or 2, around a base and with their common divisor taken out, laid out as bytes and
 * compressed. Exact as long as every integer is below 2^49 in size (`LIMIT`): differences are then below 2^51, around their base
 * below 2^52, and zigzagged below 2^53.
 */
export const LIMIT = 2 ** 49;

const ORDERS = 3;
/** The order of a longer column is chosen on pieces spread over it. */
const SAMPLE_PIECES = 4;
const SAMPLE_PIECE = 512;
/** A higher order also costs a seed. */
const SEED_BYTES = 4;
/** From this length on zstd is tried even where entropy promises nothing: it may find repetitions. */
const ALWAYS_TRY_ZSTD = 1024;

function pieces(n: Float64Array): Float64Array[] {
  if (n.length <= SAMPLE_PIECES * SAMPLE_PIECE) return [n];
  const stride = Math.floor((n.length - SAMPLE_PIECE) / (SAMPLE_PIECES - 1));
  return Array.from({ length: SAMPLE_PIECES }, (_, i) => n.subarray(i * stride, i * stride + SAMPLE_PIECE));
}

function concat(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function packedSize({ u, span }: Residuals): number {
  return packedBytes(u.length, bitsFor(span));
}

/** What entropy coding the byte planes would take, at best as much as packing; not looked into where packing is short anyway. */
function cost(r: Residuals): number {
  if (r.max === 0) return 0;
  const packed = packedSize(r);
  return packed < MIN_COMPRESS ? packed : Math.min(estimateBytes(r.u, r.max), packed);
}

/** The order of differences with the least entropy, and the residuals. */
function chooseOrder(n: Float64Array): { order: number; residuals: Residuals } {
  const sample = pieces(n);
  let best: { order: number; residuals: Residuals } | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let order = 0; order < ORDERS && order < n.length; order++) {
    const residuals = centre(sampleDifferences(sample, order));
    const bytes = cost(residuals) + SEED_BYTES * order;
    // Noise grows with every order: once that is seen the next one cannot help.
    if (bytes >= least) break;
    best = { order, residuals };
    least = bytes;
  }
  const order = best?.order ?? 0;
  return { order, residuals: sample.length === 1 && best ? best.residuals : centre(differences(n, order)) };
}

function sampleDifferences(sample: readonly Float64Array[], order: number): Float64Array {
  const parts = sample.map((piece) => differences(piece, order));
  return parts.length === 1 && parts[0] ? parts[0] : concat(parts);
}

interface LaidOut {
  layout: number;
  base: number;
  section: Section;
}

function layOut(r: Residuals): LaidOut {
  const packed = packedSize(r);
  if (r.u.length >= ALWAYS_TRY_ZSTD || cost(r) < packed) {
    const section = makeSection(toPlanes(r.u, r.max));
    if (section.bytes.length <= packed) return { layout: LAYOUT.planes, base: r.base, section };
  }
  return {
    layout: LAYOUT.packed,
    base: r.least,
    section: { bytes: toPacked(aboveLeast(r), r.span), compressed: false },
  };
}

interface Written extends LaidOut {
  order: number;
  scale: number;
}

function written(order: number, residuals: Residuals): Written {
  return { order, scale: residuals.scale, ...layOut(residuals) };
}

/** Whether at least half of the entries equal the one before: then zstd finds the repetitions in the entries themselves, too, which entropy does not see. */
function mostlyRepeats(order: number, { base, u }: Residuals): boolean {
  if (order === 0 || base !== 0) return false;
  let zeros = 0;
  for (let i = 0; i < u.length; i++) if (u[i] === 0) zeros++;
  return 2 * zeros >= u.length;
}

/** Writes integers that are all below `LIMIT` in size. */
export function writeIntegers(out: ByteWriter, n: Float64Array): void {
  const { order, residuals } = chooseOrder(n);
  if (residuals.max === 0) {
    writeHead(out, n, order, LAYOUT.same, residuals.base);
    return;
  }
  let best = written(order, residuals);
  if (mostlyRepeats(order, residuals)) {
    const plain = written(0, centre(n));
    if (plain.section.bytes.length < best.section.bytes.length) best = plain;
  }
  writeHead(out, n, best.order, best.layout, best.base);
  out.integer(best.scale);
  writeSection(out, best.section);
}

function writeHead(out: ByteWriter, n: Float64Array, order: number, layout: number, base: number): void {
  out.u8((order << 4) | layout);
  for (let i = 0; i < order; i++) out.integer(n[i] ?? 0);
  out.integer(base);
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
  const length = count - order;
  if (layout === LAYOUT.same) return integrate(new Float64Array(length).fill(base), seeds);
  const scale = from.integer();
  const payload = readSection(from, layoutLimit(length));
  const small = fromSmallLayout(layout, payload, length);
  if (small !== undefined) return integrateSmall(small, seeds, base, scale);
  const r = fromLayout(layout, payload, length);
  if (layout === LAYOUT.planes) for (let i = 0; i < length; i++) r[i] = base + scale * unzigzag(r[i] as number);
  else for (let i = 0; i < length; i++) r[i] = base + scale * (r[i] as number);
  return integrate(r, seeds);
}
