import { Reader } from 'protobufjs/minimal.js';
import { MAX_NAMES_PER_BODY, MAX_SERIES_MESSAGE_BYTES, MAX_TAGS } from '../limits.ts';
import type { NameBudget } from './names.ts';

/** Tags of wire format: field number << 3 | wire type. */
const TAGS = (3 << 3) | 2;
const TIMESTAMP = 5 << 3;
const TIMESTAMPS_PACKED = (5 << 3) | 2;
const TAG_NAME = (1 << 3) | 2;

/** A value is eight bytes: timestamps beyond this have none. */
const MAX_TIMESTAMPS = MAX_SERIES_MESSAGE_BYTES / 8;

/** Why a SensorSeries message should not be decoded: what that would make out of it is too much. Throws when it is not one. */
export function excessOfMessage(message: Uint8Array, names: NameBudget): string | undefined {
  if (message.length > MAX_SERIES_MESSAGE_BYTES) {
    return `its message is larger than ${MAX_SERIES_MESSAGE_BYTES} bytes: send its readings in several`;
  }
  const reader = new Reader(message);
  let tags = 0;
  let timestamps = 0;
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === TAGS) {
      if (++tags > MAX_TAGS) return `more than ${MAX_TAGS} tags`;
      if (!takeName(message, reader, names)) return `the body has more than ${MAX_NAMES_PER_BODY} different tag names`;
    } else if (tag === TIMESTAMPS_PACKED) {
      const from = reader.pos;
      reader.skipType(2, 0, 5);
      timestamps += varintsIn(message, from, reader.pos);
    } else {
      if (tag === TIMESTAMP) timestamps++;
      reader.skipType(tag & 7, 0, tag >>> 3);
    }
    if (timestamps > MAX_TIMESTAMPS) return `more than ${MAX_TIMESTAMPS} timestamps: send its readings in several`;
  }
  return undefined;
}

/** Steps over one entry of the tags map. False when its name is one too many. */
function takeName(message: Uint8Array, reader: Reader, names: NameBudget): boolean {
  const end = reader.size() + reader.pos;
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag === TAG_NAME) {
      const length = reader.size();
      if (!names.take(message, reader.pos, reader.pos + length)) return false;
      reader.skip(length);
    } else reader.skipType(tag & 7, 0, tag >>> 3);
  }
  return true;
}

/** Upper bound of the varints in [from, to): a length prefix in front may count as one. */
function varintsIn(message: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i++) if ((message[i] ?? 0) < 0x80) count++;
  return count;
}
