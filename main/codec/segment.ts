import { encodeDirectory } from './directory.ts';
import { damagedFrame } from './errors.ts';
import { decodeTimes, decodeValues, digest128, encodeTimes, encodeValues } from './frame.ts';
import { MAX_CHUNK_READINGS } from './limits.ts';
import type { Run } from './merge.ts';
import { TimeColumns } from './time-columns.ts';
import type { Chunk, FrameRef } from './types.ts';
import { zoneOf } from './zone.ts';

export interface Segment {
  directory: Uint8Array;
  /** Frames back to back; the offsets of `chunks` are from its start. */
  body: Uint8Array;
  chunks: Chunk[];
  readings: number;
  tMin: number;
  tMax: number;
}

/** A chunk that was just added, with its frames, so that a caller can decode and compare them before it lets go of the source. */
export interface AddedChunk {
  chunk: Chunk;
  time: Uint8Array;
  value: Uint8Array;
}

/** Makes a segment run by run. Equal timestamp columns are stored once. */
export class SegmentBuilder {
  readonly #frames: Uint8Array[] = [];
  readonly #times = new Map<string, FrameRef>();
  readonly #chunks: Chunk[] = [];
  #last: { t: Float64Array; frame: Uint8Array; ref: FrameRef } | undefined;
  #bytes = 0;

  /** Length of the body so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Adds a run (not empty, strictly ascending in t, any number of readings), split into chunks of at most 131,072 readings. The arrays
   * must not change before `finish`. Throws a RangeError for a run that is not as said.
   */
  add({ series, t, v }: { series: number } & Run): AddedChunk[] {
    if (t.length === 0 || t.length !== v.length)
      throw new RangeError(`series ${series}: ${t.length} timestamps, ${v.length} values`);
    const added: AddedChunk[] = [];
    for (let start = 0; start < t.length; start += MAX_CHUNK_READINGS) {
      const times = t.subarray(start, start + MAX_CHUNK_READINGS);
      const values = v.subarray(start, start + MAX_CHUNK_READINGS);
      const time = this.#addTimes(times);
      const frame = encodeValues(values);
      const value = this.#addFrame(frame, digest128(frame));
      const [tMin, tMax] = [times[0] as number, times.at(-1) as number];
      const chunk = {
        series,
        segment: 0,
        count: times.length,
        tMin,
        tMax,
        time: time.ref,
        value,
        zone: zoneOf(values),
      };
      this.#chunks.push(chunk);
      added.push({ chunk, time: time.frame, value: frame });
    }
    return added;
  }

  finish(): Segment {
    const chunks = this.#chunks;
    return {
      directory: alone(encodeDirectory(chunks)),
      body: alone(Buffer.concat(this.#frames, this.#bytes)),
      chunks,
      readings: chunks.reduce((sum, { count }) => sum + count, 0),
      tMin: chunks.reduce((least, { tMin }) => Math.min(least, tMin), Number.POSITIVE_INFINITY),
      tMax: chunks.reduce((most, { tMax }) => Math.max(most, tMax), Number.NEGATIVE_INFINITY),
    };
  }

  #addTimes(t: Float64Array): { frame: Uint8Array; ref: FrameRef } {
    // The fields of one source come one after the other with the same timestamps.
    if (this.#last !== undefined && sameTimes(this.#last.t, t)) return this.#last;
    const frame = encodeTimes(t);
    const digest = digest128(frame);
    const ref = this.#times.get(digest) ?? this.#addFrame(frame, digest);
    this.#times.set(digest, ref);
    this.#last = { t, frame, ref };
    return this.#last;
  }

  #addFrame(frame: Uint8Array, digest: string): FrameRef {
    const ref = { offset: this.#bytes, length: frame.length, digest };
    this.#frames.push(frame);
    this.#bytes += frame.length;
    return ref;
  }
}

/** As bytes that keep nothing else in memory: what zlib and pools give may be a few bytes of many thousand, and thousands of segments wait for one cut. */
function alone(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}

/** A segment of the given runs, in the order given: see `SegmentBuilder.add`. */
export function buildSegment(runs: readonly ({ series: number } & Run)[]): Segment {
  const builder = new SegmentBuilder();
  for (const run of runs) builder.add(run);
  return builder.finish();
}

function sameTimes(a: Float64Array, b: Float64Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Cuts a frame out of a body and checks its digest; throws 'damaged-frame'. */
function cut(body: Uint8Array, ref: FrameRef, what: string): Uint8Array {
  const frame = body.subarray(ref.offset, ref.offset + ref.length);
  if (frame.length !== ref.length) throw damagedFrame(`${what} lies outside the segment`);
  if (digest128(frame) !== ref.digest) throw damagedFrame(`${what} does not match its digest`);
  return frame;
}

/**
 * One chunk of a segment; throws 'damaged-frame' naming the series, or 'unknown-encoding'. Whoever reads several gives the same `times`: those that chunks
 * share are decoded once.
 */
export function readChunk(body: Uint8Array, chunk: Chunk, times: TimeColumns = new TimeColumns()): Run {
  const time = cut(body, chunk.time, `the timestamps of series ${chunk.series} at ${chunk.tMin}`);
  const value = cut(body, chunk.value, `the values of series ${chunk.series} at ${chunk.tMin}`);
  const run = times.decodeChunk(chunk.time.digest, time, value);
  if (run.t.length !== chunk.count || run.t[0] !== chunk.tMin || run.t.at(-1) !== chunk.tMax) {
    throw damagedFrame(`series ${chunk.series} at ${chunk.tMin} does not hold what its directory says`);
  }
  return run;
}

/** A chunk of frames already cut out and checked; throws 'damaged-frame' or 'unknown-encoding'. */
export function decodeChunk(timeFrame: Uint8Array, valueFrame: Uint8Array): Run {
  const t = decodeTimes(timeFrame);
  const v = decodeValues(valueFrame);
  if (t.length !== v.length) throw damagedFrame(`it has ${t.length} timestamps and ${v.length} values`);
  return { t, v };
}
