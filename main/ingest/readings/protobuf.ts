import { Reader } from 'protobufjs/minimal.js';
import { tidemark } from '../../codec/proto/sensor.js';
import { MAX_SERIES_MESSAGE_BYTES } from '../limits.ts';
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
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    const field = tag >>> 3;
    if (tag === ((HUB << 3) | LENGTH_DELIMITED)) hub = reader.stringVerify();
    else if (tag === ((SERIES << 3) | LENGTH_DELIMITED)) {
      const length = reader.size();
      ranges.push(reader.pos, reader.pos + length);
      reader.skip(length);
    } else reader.skipType(tag & 7, 0, field);
  }
  return { hub, count: ranges.length / 2, series: decodeAll(body, ranges) };
}

function* decodeAll(body: Uint8Array, ranges: readonly number[]): Generator<SensorSeries | string> {
  for (let i = 0; i < ranges.length; i += 2) yield decode(body.subarray(ranges[i], ranges[i + 1]));
}

function decode(message: Uint8Array): SensorSeries | string {
  if (message.length > MAX_SERIES_MESSAGE_BYTES) {
    return `its message is larger than ${MAX_SERIES_MESSAGE_BYTES} bytes: send its readings in several`;
  }
  const reader = new Reader(message);
  reader.discardUnknown = true;
  try {
    const { measurement, field, tags, unit, timestampUs, value } = tidemark.v1.SensorSeries.decode(reader);
    return { measurement, field, tags: Object.entries(tags), unit, timestampUs, value };
  } catch {
    // What the decoder says (offsets, wire types) helps nobody who uses a protobuf library.
    return 'it is not a valid SensorSeries message';
  }
}
