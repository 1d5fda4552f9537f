import { expect } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { mergeRuns } from '../codec/merge.ts';
import { rollUp } from '../codec/roll-up.ts';
import type { ColdFrame, ColdFrames } from '../store/amend-types.ts';
import type { AskedLevel } from '../store/types.ts';
import { objectBytes, prove } from './blocks.ts';
import { StoreFolder } from './store-folder.ts';

export const FIELDS = ['a', 'b', 'c'] as const;
export type Field = (typeof FIELDS)[number];
type Row = readonly [t: number, v: number];

const NOW = 1_000 * DAY_US;
const PLAN = { gatewayId: 'g', prefix: '', storeId: 's', nowUs: NOW };
const NOTHING = { epoch: 0, seq: 0 };

/** A store whose days go to an archive in memory, and what it should hold: of equal times the value that came last. */
export class ColdStore extends StoreFolder {
  /** Of a block. */
  readonly #targetBytes: number;
  readonly oracle = new Map<Field, Map<number, number>>(FIELDS.map((field) => [field, new Map()]));
  readonly #objects = new Map<string, Uint8Array>();
  /** Blocks of which the archive has nothing any more. */
  readonly lost = new Set<string>();

  constructor(targetBytes = 20_000) {
    super({ maxSeries: 100, nowUs: NOW });
    this.#targetBytes = targetBytes;
  }

  append(field: Field, rows: readonly Row[]): void {
    const id = this.store.series.resolve({ measurement: 'm', field, tags: [] }) ?? 0;
    const [t, v] = [Float64Array.from(rows, (r) => r[0]), Float64Array.from(rows, (r) => r[1])];
    this.store.append({ count: t.length, series: new Uint32Array(t.length).fill(id), t, v }, NOW);
    for (const [at, value] of rows) this.oracle.get(field)?.set(at, value);
  }

  /** One reading every `step` of [from, to). */
  fill(field: Field, from: number, to: number, step: number): void {
    const count = Math.ceil((to - from) / step);
    this.append(
      field,
      Array.from({ length: count }, (_, i): Row => [from + i * step, Math.round(Math.sin(i) * 100) / 10]),
    );
  }

  rows(field: Field, from: number, to: number): Row[] {
    const within = [...(this.oracle.get(field) ?? [])].filter(([t]) => t >= from && t < to);
    return within.sort(([a], [b]) => a - b);
  }

  /** The same readings once more, as a hub sends them that heard no acknowledgement. */
  again(field: Field, from: number, to: number): number {
    const rows = this.rows(field, from, to);
    if (rows.length > 0) this.append(field, rows);
    return rows.length;
  }

  cut(): void {
    this.store.cut(NOW, 'always');
  }

  #fetch(wanted: readonly ColdFrame[]): ColdFrames {
    const frames = new Map<string, Uint8Array>();
    const damaged = new Set<string>();
    for (const { blockId, object, frame } of wanted) {
      const bytes = this.#objects.get(object.key)?.subarray(frame.offset, frame.offset + frame.length);
      if (bytes === undefined || this.lost.has(blockId)) damaged.add(frame.digest);
      else frames.set(frame.digest, bytes);
    }
    return { frames, damaged };
  }

  /** All that can make room goes, or some of it. */
  drop(most = Number.POSITIVE_INFINITY): string[] {
    const gone: string[] = [];
    while (gone.length < most) {
      const dropped = this.store.dropKept(0, NOW);
      if (dropped === undefined) break;
      gone.push(dropped.what);
    }
    return gone;
  }

  /** Amends a day, in at most so many steps; `away`: nothing can be fetched. */
  amend(day: number, o: { steps?: number; away?: boolean } = {}): { kept: number; dropped: number; fetched: number } {
    const total = { kept: 0, dropped: 0, fetched: 0 };
    let given: ColdFrames | undefined;
    for (let n = 0; n < (o.steps ?? Number.POSITIVE_INFINITY); n++) {
      const step = this.store.amendDay(day, NOW, given);
      total.kept += step.kept;
      total.dropped += step.dropped;
      total.fetched += step.wanted.length;
      if (!step.more || (o.away === true && step.wanted.length > 0)) break;
      given = step.wanted.length === 0 ? undefined : this.#fetch(step.wanted);
    }
    return total;
  }

  /** As the tiering does: a day that is in the archive is amended, any other freezes; up to `blocks` blocks of it go. Gives how many readings were dropped. */
  tier(day: number, blocks = Number.POSITIVE_INFINITY): number {
    this.close(day);
    const info = this.store.days().find((d) => d.day === day);
    const dropped = info?.cold === true ? this.amend(day).dropped : 0;
    if (info?.cold !== true) this.store.freezeDay(day);
    this.move(day, blocks);
    return dropped;
  }

  move(day: number, blocks = Number.POSITIVE_INFINITY): void {
    for (let n = 0; n < blocks; n++) {
      const block = this.store.planBlock(day, { ...PLAN, targetBytes: this.#targetBytes });
      if (block === undefined) return;
      this.#objects.set(block.key, objectBytes(this.store, block.id, 0, block.bytes));
      prove(this.store, block.id, NOW);
      expect(this.store.evictBlock(block.id, NOW)).toBeDefined();
    }
  }

  /** The oldest cuts of a day go, as far as they make up whole groups, while the others stay. */
  tierPart(day: number, cuts: number, blocks?: number): void {
    let [upTo, groups] = [-1, 0];
    for (const s of this.store.openSegments(day)) {
      if (s.seqLo > upTo && groups++ === cuts) break;
      upTo = Math.max(upTo, s.seqHi);
    }
    const mark = upTo < 0 ? NOTHING : { epoch: 1, seq: upTo };
    while (this.store.compactDay(day, NOW, mark));
    while (this.store.rollUpDay(day, NOW));
    this.store.freezeDay(day, mark);
    this.move(day, blocks);
  }

  /** Every reading of the range once, with the value that came last, over all tiers. */
  expectRaw(field: Field, from: number, to: number): void {
    const key = `m.${field}`;
    const frames = new Map<string, Uint8Array>();
    const damaged = new Set<string>();
    let runs = this.store.runs(key, from, to, frames, damaged);
    // Indexes first, where they are gone, then what these name.
    for (let rounds = 0; runs.missing.length > 0 && rounds < 2; rounds++) {
      const wanted = runs.missing.flatMap(({ cold }): ColdFrame[] => {
        if (cold === undefined) return [];
        return cold.frames.map((frame) => ({ blockId: cold.blockId, object: cold.object, frame }));
      });
      const fetched = this.#fetch(wanted);
      for (const [digest, bytes] of fetched.frames) frames.set(digest, bytes);
      for (const digest of fetched.damaged) damaged.add(digest);
      runs = this.store.runs(key, from, to, frames, damaged);
    }
    expect(runs.missing).toEqual([]);
    const { t, v } = mergeRuns(runs.runs);
    const rows = this.rows(field, from, to);
    const wrong = rows.findIndex(([time, value], i) => t[i] !== time || !Object.is(v[i], value));
    expect([t.length, wrong]).toEqual([rows.length, -1]);
  }

  /** Every part that rollups give says exactly what the oracle has in it, lies in the range, and none overlaps another. Gives the time they cover. */
  expectRollups(field: Field, from: number, to: number, levels: readonly AskedLevel[]): number {
    const rows = this.rows(field, from, to);
    let [covered, before] = [0, from];
    for (const part of this.store.rollups(`m.${field}`, { from, to, levels, exactUpTo: 0, thinFromDays: 0 })) {
      expect(part.from).toBeGreaterThanOrEqual(before);
      expect(part.to).toBeLessThanOrEqual(to);
      before = part.to;
      covered += part.to - part.from;
      const within = rows.filter(([t]) => t >= part.from && t < part.to);
      if (part.rollup === undefined) {
        expect(within).toEqual([]);
        continue;
      }
      expect([part.from % part.rollup.width, part.to % part.rollup.width]).toEqual([0, 0]);
      const run = { t: Float64Array.from(within, ([t]) => t), v: Float64Array.from(within, ([, v]) => v) };
      expect({ ...part.rollup }).toEqual(rollUp(run, part.rollup.width));
    }
    return covered;
  }
}
