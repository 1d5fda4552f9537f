import { BatchBuilder } from './batch-builder.ts';
import { LineParser } from './line/parser.ts';
import { partsOf } from './parts.ts';
import { ReadingsParser } from './readings/parser.ts';
import type { IngestRequest, IngestResult, IngestStore } from './types.ts';

export interface Ingestor {
  /**
   * Parses all requests and commits their readings: a small group in one FULL commit, a large one in parts, between which the caller may do other work.
   * One result each, in order, once all is committed. Throws (retry later) when the store fails: parts committed before stay. A group must have ended,
   * or have thrown, before the next one begins.
   */
  ingest(requests: readonly IngestRequest[], receivedUs: number): Generator<void, IngestResult[]>;
}

/** The writer thread's part of ingest. It keeps what it learned of the spelling of series from one call to the next. */
export function createIngestor(store: IngestStore): Ingestor {
  const out = new BatchBuilder();
  const lines = new LineParser(store.series, out);
  const readings = new ReadingsParser(store.series, out);

  const parse = ({ format, body, precision }: IngestRequest, receivedUs: number): Generator<void, IngestResult> =>
    format === 'line' ? lines.parse(body, precision, receivedUs) : readings.parse(body, format);

  /** Pauses between parts. */
  function* commit(receivedUs: number): Generator<void> {
    let first = true;
    for (const part of out.count === 0 ? [] : partsOf(out.batch())) {
      if (!first) yield;
      first = false;
      store.append(part, receivedUs);
    }
    out.reset();
  }

  return {
    *ingest(requests, receivedUs) {
      out.reset();
      const results: IngestResult[] = [];
      for (const request of requests) {
        const parsing = parse(request, receivedUs);
        let step = parsing.next();
        for (; step.done !== true; step = parsing.next()) {
          if (out.isPart) yield* commit(receivedUs);
          yield;
        }
        results.push(step.value);
        if (!out.isPart) continue;
        yield* commit(receivedUs);
        yield;
      }
      yield* commit(receivedUs);
      return results;
    },
  };
}
