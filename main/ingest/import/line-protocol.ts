import { BatchBuilder } from '../batch-builder.ts';
import { LineParser } from '../line/parser.ts';
import { toEnd } from '../steps.ts';
import type { SeriesRegistry } from '../types.ts';
import { type ImportBody, MAX_IMPORT_BODY_BYTES } from './body.ts';
import { importError } from './error.ts';
import { type Bytes, lineRuns } from './input.ts';

/** Any series is known: only the gateway has a limit. */
const ANY_SERIES: SeriesRegistry = { resolve: () => 0, generation: 0 };
const LF = 10;

/** Cuts a line-protocol file (nanoseconds, the default of the format) into bodies at line ends, and counts what the gateway will take. */
export async function* importLineProtocol(file: string, stream: Bytes): AsyncGenerator<ImportBody> {
  const readings = new BatchBuilder();
  const parser = new LineParser(ANY_SERIES, readings);
  let firstLine = 1;
  const finish = (parts: readonly Uint8Array[]): ImportBody => {
    const body = new Uint8Array(Buffer.concat(parts));
    readings.reset();
    const { accepted, refusals, refused } = toEnd(parser.parse(body, 'ns', 0));
    const before = firstLine - 1;
    for (const byte of body) if (byte === LF) firstLine++;
    const inFile = refusals.map((refusal) => ({ ...refusal, line: refusal.line + before }));
    return { precision: 'ns', body, readings: accepted, skipped: 0, refusals: inFile, refused };
  };

  let parts: Uint8Array[] = [];
  let size = 0;
  for await (const run of lineRuns(file, stream)) {
    for (const piece of pieces(file, run)) {
      if (size + piece.length > MAX_IMPORT_BODY_BYTES && size > 0) {
        yield finish(parts);
        parts = [];
        size = 0;
      }
      parts.push(piece);
      size += piece.length;
    }
  }
  if (size > 0) yield finish(parts);
}

/** A run of lines in pieces of at most one body, cut at line ends. */
function* pieces(file: string, run: Buffer): Generator<Uint8Array> {
  for (let at = 0; at < run.length; ) {
    const limit = at + MAX_IMPORT_BODY_BYTES;
    const end = limit >= run.length ? run.length : run.lastIndexOf(LF, limit - 1) + 1;
    if (end <= at) throw importError(file, 0, 0, `a line is longer than ${MAX_IMPORT_BODY_BYTES} bytes`);
    yield run.subarray(at, end);
    at = end;
  }
}
