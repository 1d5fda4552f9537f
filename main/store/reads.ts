import type Database from 'better-sqlite3';
import { TidemarkError } from '../../shared/errors.ts';
import { dayOf } from '../../shared/units.ts';
import { TimeColumns } from '../codec/time-columns.ts';
import { Blocks } from './blocks.ts';
import { Directories } from './directories.ts';
import type { HeadView } from './head-copy.ts';
import { Manifest } from './manifest.ts';
import { piecesOf, type ReadParts, readRuns } from './read.ts';
import { DirtyRows } from './rollup-dirty.ts';
import { type RollupParts, rollupParts } from './rollup-read.ts';
import { RollupRows } from './rollup-rows.ts';
import { Segments } from './segments.ts';
import type { DamageFound, ReadView } from './types.ts';
import { readStored } from './unreadable.ts';

/** What queries read of one connection. */
export class Reads {
  readonly #parts: Omit<ReadParts & RollupParts, 'heads'>;
  readonly #onRollup: (day: number, error: Error) => void;

  /** `onDamage` hears of what cannot be read each time that it is met. */
  constructor(
    db: Database.Database,
    o: { epoch: number; series: ReadParts['series']; onDamage(found: DamageFound): void },
  ) {
    const onRollup = (day: number, { message }: Error): void => o.onDamage({ of: 'rollup', day, message });
    this.#onRollup = onRollup;
    this.#parts = {
      epoch: o.epoch,
      series: o.series,
      segments: new Segments(db),
      manifest: new Manifest(db),
      blocks: new Blocks(db),
      directories: new Directories(),
      times: new TimeColumns({ shared: true }),
      rows: new RollupRows(db, onRollup),
      dirty: new DirtyRows(db),
      onDamage: (series, day, { message }) => o.onDamage({ of: 'readings', series, day, message }),
    };
  }

  /** The reads of StoreApi, with these readings in memory: exactly those that the connection does not see in segments. */
  view(heads: readonly HeadView[]): ReadView {
    const parts = { ...this.#parts, heads };
    const onRollup = this.#onRollup;
    return {
      pieces: (...args) => piecesOf(parts, ...args),
      runs: (key, from, to, frames, without) => readRuns(parts, key, from, to, frames, without),
      rollups: (key, request) => {
        const series = parts.series.idOf(key);
        if (series === undefined) return [];
        try {
          return readStored(() => rollupParts(parts, series, request));
        } catch (error) {
          if (!(error instanceof TidemarkError)) throw error;
          // Nothing is known by them then: the readings themselves are there.
          onRollup(dayOf(request.from), error);
          return [];
        }
      },
    };
  }
}
