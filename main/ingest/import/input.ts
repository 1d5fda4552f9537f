import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { messageOf } from '../../../shared/errors.ts';
import { MAX_LINE_BYTES } from '../limits.ts';
import { importError } from './error.ts';

const LF = 10;
/** Enough to tell the formats apart. */
const PEEK_BYTES = 4096;
const GUNZIP_CHUNK_BYTES = 256 * 1024;

export type Bytes = AsyncIterable<Uint8Array>;

/** The first bytes of a stream, and the whole stream with them still in it. */
export async function peek(stream: Bytes): Promise<{ head: Buffer; all: Bytes }> {
  const iterator = stream[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let size = 0;
  while (size < PEEK_BYTES) {
    const { done, value } = await iterator.next();
    if (done === true) break;
    first.push(value);
    size += value.byteLength;
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield* first;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { head: Buffer.concat(first), all: all() };
}

/** Unpacks a gzip stream as it comes. A damaged one ends in an error that names the file. */
export async function* gunzip(file: string, stream: Bytes): Bytes & AsyncGenerator<Uint8Array> {
  const unzip = createGunzip({ chunkSize: GUNZIP_CHUNK_BYTES });
  // The error reaches the reader below through `unzip`, which the pipeline destroys with it.
  pipeline(Readable.from(stream), unzip, () => {});
  try {
    for await (const chunk of unzip) if (chunk instanceof Uint8Array) yield chunk;
  } catch (error) {
    throw importError(file, 0, 0, `the gzip data is damaged or cut short (${messageOf(error)})`, error);
  }
}

/** Whole lines, as large runs of them as came at once, each ending in LF except perhaps the last run. */
export async function* lineRuns(file: string, stream: Bytes): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  let lines = 0;
  for await (const chunk of stream) {
    const data = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    const end = data.lastIndexOf(LF) + 1;
    const run = data.subarray(0, end);
    for (let at = run.indexOf(LF); at >= 0; at = run.indexOf(LF, at + 1)) lines++;
    rest = data.subarray(end);
    if (rest.length > MAX_LINE_BYTES) {
      throw importError(file, lines + 1, 0, `the line is longer than ${MAX_LINE_BYTES} bytes`);
    }
    if (run.length > 0) yield run;
  }
  if (rest.length > 0) yield rest;
}

/** Lines of text with their 1-based numbers, without line ends and byte order mark. */
export async function* textLines(file: string, stream: Bytes): AsyncGenerator<{ text: string; line: number }> {
  let line = 0;
  for await (const run of lineRuns(file, stream)) {
    const texts = run.toString('utf8').split('\n');
    if (texts.at(-1) === '') texts.pop();
    for (const raw of texts) {
      line++;
      const text = line === 1 && raw.startsWith('\uFEFF') ? raw.slice(1) : raw;
      yield { text: text.endsWith('\r') ? text.slice(0, -1) : text, line };
    }
  }
}
