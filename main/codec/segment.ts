import { encodeDirectory } from './directory.ts';
import { damagedFrame } from './errors.ts';
import { decodeTimes, decodeValues, digest128, encodeTimes, encodeValues } from './frame.ts';
import { MAX_CHUNK_READINGS } from './limits.ts';
import type { Run } from './merge.ts';
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

/** Frames back to back; a timestamp frame that is there already is not stored again. */
class Body {
  readonly #frames: Uint8Array[] = [];
  readonly #times = new Map<string, FrameRef>();
  #length = 0;

  add(frame: Uint8Array, digest: string): FrameRef {
    const ref = { offset: this.#length, length: frame.length, digest };
    this.#frames.push(frame);
    this.#length += frame.length;
    return ref;
  }

  addTimes(frame: Uint8Array): FrameRef {
    const digest = digest128(frame);
    const known = this.#times.get(digest);
    if (known !== undefined) return known;
    const ref = this.add(frame, digest);
    this.#times.set(digest, ref);
    return ref;
  }

  finish(): Uint8Array {
    return Buffer.concat(this.#frames, this.#length);
  }
}

/**
 * A segment of the given runs (each not empty, strictly ascending in t, any number of readings): split into chunks of at most 131,072
 * readings in the order given. Equal timestamp columns are stored once. Throws a RangeError for runs that are not as said.
 */
export function buildSegment(runs: readonly ({ series: number } & Run)[]): Segment {
  const body = new Body();
  const chunks: Chunk[] = [];
  let last: { t: Float64Array; frame: Uint8Array } | undefined;
  for (const { series, t, v } of runs) {
    if (t.length === 0 || t.length !== v.length)
      throw new RangeError(`series ${series}: ${t.length} timestamps, ${v.length} values`);
    for (let start = 0; start < t.length; start += MAX_CHUNK_READINGS) {
      const times = t.subarray(start, start + MAX_CHUNK_READINGS);
      const values = v.subarray(start, start + MAX_CHUNK_READINGS);
      // The fields of one source come one after the other with the same timestamps.
      if (last === undefined || !sameTimes(last.t, times)) last = { t: times, frame: encodeTimes(times) };
      const time = body.addTimes(last.frame);
      const frame = encodeValues(values);
      const value = body.add(frame, digest128(frame));
      const [tMin, tMax] = [times[0] as number, times.at(-1) as number];
      chunks.push({ series, segment: 0, count: times.length, tMin, tMax, time, value, zone: zoneOf(values) });
    }
  }
  return {
    directory: encodeDirectory(chunks),
    body: body.finish(),
    chunks,
    readings: chunks.reduce((sum, { count }) => sum + count, 0),
    tMin: chunks.reduce((least, { tMin }) => Math.min(least, tMin), Number.POSITIVE_INFINITY),
    tMax: chunks.reduce((most, { tMax }) => Math.max(most, tMax), Number.NEGATIVE_INFINITY),
  };
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

/** One chunk of a segment; throws 'damaged-frame' naming the series, or 'unknown-encoding'. */
export function readChunk(body: Uint8Array, chunk: Chunk): Run {
  const time = cut(body, chunk.time, `the timestamps of series ${chunk.series} at ${chunk.tMin}`);
  const value = cut(body, chunk.value, `the values of series ${chunk.series} at ${chunk.tMin}`);
  const run = decodeChunk(time, value);
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
