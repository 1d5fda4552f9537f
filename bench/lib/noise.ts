import { randomFillSync } from 'node:crypto';
import type { Store } from '../../main/store/store.ts';
import { DAY_US } from '../../shared/units.ts';

/** Each of them a source of its own, so that none shares its timestamps. */
const SERIES = 8;
/** Readings of a batch, all series together. */
const BATCH = 1 << 20;
/** Random bits of a value and of the microseconds between two readings. */
const BITS = { value: 53, gap: 16 };
/** So many make a day of 150 MB. */
const BATCHES_A_DAY = 16;

/**
 * Fills a store, the way any reading goes, with days of noise until their compacted segments weigh at least `bytes`: random mantissas at random times,
 * which no codec makes smaller, so that size is reached with few readings. The days are rolled up and frozen: all that is left to do is to plan blocks.
 */
export function fillWithNoise(store: Store, bytes: number): number[] {
  const ids = Array.from({ length: SERIES }, (_, i) =>
    store.series.resolve({ measurement: 'noise', field: 'value', tags: [['hub', `h${i}`]] }),
  );
  const series = Uint32Array.from({ length: BATCH }, (_, i) => ids[i % SERIES] ?? 0);
  const batches = Math.ceil((bytes * 8) / (BITS.value + BITS.gap) / BATCH);
  const t = new Float64Array(BATCH);
  for (let b = 0; b < batches; b++) {
    const gaps = randomFillSync(new Uint32Array(BATCH));
    const startUs = Math.floor(b / BATCHES_A_DAY) * DAY_US;
    for (let i = 0; i < BATCH; i++) {
      const before = i < SERIES ? (b % BATCHES_A_DAY === 0 ? startUs : t[BATCH - SERIES + i]) : t[i - SERIES];
      t[i] = (before ?? 0) + 1 + ((gaps[i] ?? 0) >>> (32 - BITS.gap));
    }
    store.append({ count: BATCH, series, t, v: values() }, startUs);
    store.cut(startUs, 'due');
  }
  store.cut(DAY_US, 'always');
  const days = store.days().map(({ day }) => day);
  for (const day of days) {
    while (store.compactDay(day, DAY_US));
    while (store.rollUpDay(day, DAY_US));
    store.freezeDay(day);
  }
  return days;
}

/** From 8 to 16 and from -16 to -8: sign and mantissa are random. */
function values(): Float64Array {
  const words = randomFillSync(new Uint32Array(2 * BATCH));
  for (let i = 1; i < words.length; i += 2) words[i] = ((words[i] ?? 0) & 0x800fffff) | 0x40200000;
  return new Float64Array(words.buffer);
}
