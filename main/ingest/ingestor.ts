import { BatchBuilder } from './batch-builder.ts';
import { LineParser } from './line/parser.ts';
import { ReadingsParser } from './readings/parser.ts';
import type { IngestApi, IngestRequest, IngestResult, IngestStore } from './types.ts';

/** The writer thread's part of ingest. It keeps what it learned of the spelling of series from one call to the next. */
export function createIngestor(store: IngestStore): IngestApi {
  const out = new BatchBuilder();
  const lines = new LineParser(store.series, out);
  const readings = new ReadingsParser(store.series, out);

  const parse = ({ format, body, precision }: IngestRequest, receivedUs: number): IngestResult =>
    format === 'line' ? lines.parse(body, precision, receivedUs) : readings.parse(body, format);

  return {
    ingest(requests, receivedUs) {
      out.reset();
      const results = requests.map((request) => parse(request, receivedUs));
      if (out.count > 0) store.append(out.batch(), receivedUs);
      return results;
    },
  };
}
