import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip as gunzipCallback } from 'node:zlib';
import PQueue from 'p-queue';
import { MAX_BODY_BYTES, MAX_JSON_BYTES } from '../limits.ts';
import { HttpError } from './errors.ts';

const gunzip = promisify(gunzipCallback);

/** All bodies from their first byte to the reply. Beyond it a request is told to come back. */
const MAX_HELD_BYTES = 4 * MAX_BODY_BYTES;
/** How much of a refused body is read and thrown away, so that the client is still there to read the refusal. */
const MAX_DRAINED_BYTES = 2 * MAX_BODY_BYTES;
/** Each may take MAX_BODY_BYTES before it is known to be too large. */
const CONCURRENT_GUNZIPS = 2;
const GUNZIP_CHUNK_BYTES = 64 * 1024;
const BUSY_RETRY_S = 2;

/** Memory a request holds until it is answered. */
export interface BodyHold {
  body: Uint8Array<ArrayBuffer>;
  release(): void;
}

/** Reads bodies of all requests of a server within one bound of memory. `limit` holds for the body as sent and unpacked. */
export function createBodyReader(): (raw: IncomingMessage, limit: number) => Promise<BodyHold> {
  const gunzips = new PQueue({ concurrency: CONCURRENT_GUNZIPS });
  let held = 0;
  let announced = 0;

  return async (raw, limit) => {
    const encoding = (raw.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
    let own = 0;
    let ownRoom = 0;
    const take = (bytes: number): boolean => {
      if (held + bytes > MAX_HELD_BYTES) return false;
      held += bytes;
      own += bytes;
      return true;
    };
    const room = (bytes: number): Uint8Array<ArrayBuffer> | undefined => {
      if (bytes === 0 || announced + bytes > MAX_HELD_BYTES) return undefined;
      announced += bytes;
      ownRoom = bytes;
      return new Uint8Array(bytes);
    };
    const release = (): void => {
      held -= own;
      announced -= ownRoom;
      own = ownRoom = 0;
    };
    try {
      const sent = await receive(raw, limit, take, room);
      if (sent.byteLength === 0 || encoding === 'identity') return { body: sent, release };
      if (encoding !== 'gzip' && encoding !== 'x-gzip') throw unknownEncoding();
      const body = await gunzips.add(() => unzip(sent, limit));
      if (!take(body.byteLength)) throw busy();
      return { body, release };
    } catch (error) {
      release();
      throw error;
    }
  };
}

/**
 * The whole body as sent. A body that is refused is still read, up to a bound, before the refusal. `room` gives memory for a body of announced size, so that
 * it is there once, not in pieces and as a whole; nothing is counted by `take` that did not come.
 */
async function receive(
  raw: IncomingMessage,
  limit: number,
  take: (bytes: number) => boolean,
  room: (bytes: number) => Uint8Array<ArrayBuffer> | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let refusal: HttpError | undefined;
  const declared = Number(raw.headers['content-length'] ?? 0);
  if (declared > limit) refusal = tooLarge(limit, declared > MAX_DRAINED_BYTES);
  if (refusal?.closes === true) throw refusal;
  let whole = refusal === undefined ? room(declared) : undefined;
  for await (const chunk of raw.iterator({ destroyOnReturn: false })) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('a body chunk is not bytes');
    size += chunk.byteLength;
    if (size > MAX_DRAINED_BYTES) throw tooLarge(limit, true);
    if (size > limit) refusal ??= tooLarge(limit, false);
    else if (refusal === undefined && !take(chunk.byteLength)) refusal = busy();
    if (refusal !== undefined) {
      chunks.length = 0;
      whole = undefined;
    } else if (whole === undefined) chunks.push(chunk);
    else whole.set(chunk, size - chunk.byteLength);
  }
  if (refusal !== undefined) throw refusal;
  return whole ?? join(chunks, size);
}

/** One buffer of its own, which can move to another thread without a copy. */
function join(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.byteLength;
  }
  return body;
}

async function unzip(sent: Uint8Array<ArrayBuffer>, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const body = await gunzip(sent, { maxOutputLength: limit, chunkSize: GUNZIP_CHUNK_BYTES });
    return join([body], body.byteLength);
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(limit, false);
    throw new HttpError(400, 'the gzip body is damaged or cut short', { cause: error });
  }
}

const tooLarge = (limit: number, closes: boolean): HttpError =>
  new HttpError(
    413,
    limit === MAX_JSON_BYTES
      ? `the JSON body is larger than ${limit} bytes: send smaller batches, or protobuf up to ${MAX_BODY_BYTES} bytes`
      : `the body is larger than ${limit} bytes: send smaller batches`,
    { closes, maxLength: limit },
  );

const busy = (): HttpError => new HttpError(503, 'too many requests are being received', { retryAfterS: BUSY_RETRY_S });

/**
 * 415 although clients drop the batch on it: a client set up for zstd or snappy never succeeds here, so keeping its batches for
 * ever would only hide the fault until its own buffer overflows. The first write shows it, and Accept-Encoding says what works.
 */
const unknownEncoding = (): HttpError => new HttpError(415, 'unknown Content-Encoding: send gzip or none');
