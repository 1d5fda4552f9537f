/** Integers made small and alike: differences, centred, their common divisor taken out. */

/** Differences of order 0, 1 or 2; the first `order` entries are left out. Exact for integers below 2^49 in size. */
export function differences(n: Float64Array, order: number): Float64Array {
  const count = Math.max(0, n.length - order);
  const r = new Float64Array(count);
  if (order === 0) r.set(n);
  else if (order === 1) for (let i = 0; i < count; i++) r[i] = (n[i + 1] as number) - (n[i] as number);
  else for (let i = 0; i < count; i++) r[i] = (n[i + 2] as number) - 2 * (n[i + 1] as number) + (n[i] as number);
  return r;
}

/** Undoes `differences`, given the entries it left out. */
export function integrate(r: Float64Array, seeds: readonly number[]): Float64Array {
  if (seeds.length === 0) return r;
  const n = new Float64Array(r.length + seeds.length);
  n.set(seeds);
  if (seeds.length === 1) {
    let at = n[0] as number;
    for (let i = 0; i < r.length; i++) {
      at += r[i] as number;
      n[i + 1] = at;
    }
    return n;
  }
  let at = n[1] as number;
  let step = at - (n[0] as number);
  for (let i = 0; i < r.length; i++) {
    step += r[i] as number;
    at += step;
    n[i + 2] = at;
  }
  return n;
}

/** As `integrate` of base + scale x m, in one pass. */
export function integrateSmall(m: Int32Array, seeds: readonly number[], base: number, scale: number): Float64Array {
  const n = new Float64Array(m.length + seeds.length);
  n.set(seeds);
  if (seeds.length === 0) {
    for (let i = 0; i < m.length; i++) n[i] = base + scale * (m[i] as number);
    return n;
  }
  let at = n[seeds.length - 1] as number;
  if (seeds.length === 1) {
    for (let i = 0; i < m.length; i++) {
      at += base + scale * (m[i] as number);
      n[i + 1] = at;
    }
    return n;
  }
  let step = at - (n[0] as number);
  for (let i = 0; i < m.length; i++) {
    step += base + scale * (m[i] as number);
    at += step;
    n[i + 2] = at;
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
    if (g === 0 ? d === 0 : Math.floor(d / g) * g === d) continue;
    g = gcd(d, g);
    if (g === 1) return 1;
  }
  return g;
}

const SOME = 17;
const some = new Float64Array(SOME);

/** A typical entry, judged by a few: the nominal interval of timestamps, the middle of a noisy signal. */
function typical(r: Float64Array): number {
  const count = Math.min(SOME, r.length);
  for (let i = 0; i < count; i++) some[i] = r[Math.floor((i * r.length) / count)] as number;
  return some.subarray(0, count).sort()[count >> 1] ?? 0;
}

export interface Residuals {
  /** One of the entries. */
  base: number;
  /** Divides every difference of two entries. */
  scale: number;
  /** Zigzag of (r - base) / scale: 0, -1, 1, -2, 2 become 0, 1, 2, 3, 4. */
  u: Float64Array;
  /** Largest of `u`. */
  max: number;
  /** Least entry, and how many times the scale the largest is above it. */
  least: number;
  span: number;
}

export function centre(r: Float64Array): Residuals {
  const base = typical(r);
  const scale = divisor(r, base) || 1;
  const u = new Float64Array(r.length);
  let least = 0;
  let most = 0;
  for (let i = 0; i < r.length; i++) {
    const above = (r[i] as number) - base;
    const d = scale === 1 ? above : above / scale;
    if (d < least) least = d;
    if (d > most) most = d;
    u[i] = d < 0 ? -2 * d - 1 : 2 * d;
  }
  const max = Math.max(2 * most, -2 * least - 1);
  return { base, scale, u, max, least: base + least * scale, span: most - least };
}

/** Multiples of the scale above the least entry. */
export function aboveLeast({ u, base, scale, least }: Residuals): Float64Array {
  const shift = (base - least) / scale;
  const above = new Float64Array(u.length);
  for (let i = 0; i < u.length; i++) above[i] = unzigzag(u[i] as number) + shift;
  return above;
}

export function unzigzag(z: number): number {
  const half = Math.floor(z / 2);
  return half + half === z ? half : -half - 1;
}
