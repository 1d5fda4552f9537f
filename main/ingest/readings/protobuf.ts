import { Reader } from 'protobufjs/minimal.js';
import { tidemark } from '../../codec/proto/sensor.js';
import { MAX_SERIES_PER_BODY } from '../limits.ts';
import { excessOfMessage } from './message.ts';
import { NameBudget } from './names.ts';
import type { SensorSeries } from './series.ts';

const LENGTH_DELIMITED = 2;
const HUB = 1;
const SERIES = 2;

/** A body whose frame is sound: its series are decoded one at a time, so that memory follows one series, not the body. */
export interface SensorBody {
  hub: string;
  count: number;
  /** The series, or why it cannot be read, in order. */
  series: Iterable<SensorSeries | string>;
}

/** Reads the frame of a SensorData message. Throws when it is not one. */
export function readProtobuf(body: Uint8Array): SensorBody {
  const reader = new Reader(body);
  const ranges: number[] = [];
  let hub = '';
  let count = 0;
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    const field = tag >>> 3;
    if (tag === ((HUB << 3) | LENGTH_DELIMITED)) hub = reader.stringVerify();
    else if (tag === ((SERIES << 3) | LENGTH_DELIMITED)) {
      const length = reader.size();
      // A body with more series is refused whole: their count is enough.
      if (++count <= MAX_SERIES_PER_BODY) ranges.push(reader.pos, reader.pos + length);
      reader.skip(length);
    } else reader.skipType(tag & 7, 0, field);
  }
  return { hub, count, series: decodeAll(body, ranges) };
}

function* decodeAll(body: Uint8Array, ranges: readonly number[]): Generator<SensorSeries | string> {
  const names = new NameBudget();
  for (let i = 0; i < ranges.length; i += 2) yield decode(body.subarray(ranges[i], ranges[i + 1]), names);
}

function decode(message: Uint8Array, names: NameBudget): SensorSeries | string {
  try {
    const excess = excessOfMessage(message, names);
    if (excess !== undefined) return excess;
    const reader = new Reader(message);
    reader.discardUnknown = true;
    const { measurement, field, tags, unit, timestampUs, value } = tidemark.v1.SensorSeries.decode(reader);
    return { measurement, field, tags: Object.entries(tags), unit, timestampUs, value };
  } catch {
    // What the decoder says (offsets, wire types) helps nobody who uses a protobuf library.
    return 'it is not a valid SensorSeries message';
  }
}
