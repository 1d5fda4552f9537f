import { dayOf, dayStart } from '../../shared/units.ts';
import { lowerBound, type Run } from '../codec/merge.ts';
import type { Head, HeadExtent } from './head.ts';
import type { HeadPart } from './types.ts';

/** What reads need of a head. */
export interface HeadView extends Pick<Head, 'seqLo' | 'seqHi' | 'between' | 'extents'> {
  readonly days: Pick<Head['days'], 'keys'>;
}

/** A head as far as it was copied: one series, whatever id it is asked for by. */
export class HeadCopy implements HeadView {
  readonly seqLo: number;
  readonly seqHi: number;
  readonly #run: Run;

  constructor({ seqLo, seqHi, t, v }: HeadPart) {
    this.seqLo = seqLo;
    this.seqHi = seqHi;
    this.#run = { t, v };
  }

  get days(): HeadView['days'] {
    return new Map(this.extents().map((extent) => [extent.day, { readings: extent.count, lastReceivedUs: 0 }]));
  }

  between(_?: number, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY): Run {
    const { t, v } = this.#run;
    const [start, end] = [lowerBound(t, from), lowerBound(t, to)];
    return { t: t.subarray(start, end), v: v.subarray(start, end) };
  }

  extents(series?: number, from?: number, to?: number): HeadExtent[] {
    const { t } = this.between(series, from, to);
    const extents: HeadExtent[] = [];
    for (let start = 0; start < t.length; ) {
      const [tMin, day] = [t[start] ?? 0, dayOf(t[start] ?? 0)];
      const end = lowerBound(t, dayStart(day + 1), start);
      extents.push({ day, tMin, tMax: t[end - 1] ?? tMin, count: end - start });
      start = end;
    }
    return extents;
  }
}
