import { messageOf } from '../../../shared/errors.ts';
import type { BatchBuilder } from '../batch-builder.ts';
import { MAX_SERIES_PER_BODY } from '../limits.ts';
import { Outcome } from '../refusals.ts';
import type { IngestRequest, IngestResult, SeriesRegistry } from '../types.ts';
import { readJson } from './json.ts';
import { readProtobuf, type SensorBody } from './protobuf.ts';
import { addSeries } from './series.ts';

/** Parses bodies of `POST /readings` into a batch. A series that breaks a rule is refused by name, the others are kept. */
export class ReadingsParser {
  private readonly registry: SeriesRegistry;
  private readonly out: BatchBuilder;

  constructor(registry: SeriesRegistry, out: BatchBuilder) {
    this.registry = registry;
    this.out = out;
  }

  /** Adds the body's readings to the batch. Pauses between series when the batch is large enough for a part. Never throws for what a client sent. */
  *parse(body: Uint8Array, format: Exclude<IngestRequest['format'], 'line'>): Generator<void, IngestResult> {
    const { registry, out } = this;
    const outcome = new Outcome();
    const data = readBody(body, format);
    if (typeof data === 'string') {
      outcome.refuse(0, 0, data);
      return outcome.result(0);
    }
    let accepted = 0;
    let index = 0;
    for (const series of data.series) {
      if (out.isPart) yield;
      const before = out.count;
      index++;
      out.lookups++;
      if (typeof series === 'string') outcome.refuse(index, 0, series);
      else addSeries(series, data.hub, index, { registry, out, outcome });
      accepted += out.count - before;
    }
    return outcome.result(accepted);
  }
}

/** The body's frame, or why there is none: nothing of such a body is stored. */
function readBody(body: Uint8Array, format: 'readings-protobuf' | 'readings-json'): SensorBody | string {
  let data: SensorBody;
  try {
    data = format === 'readings-json' ? readJson(body) : readProtobuf(body);
  } catch (error) {
    return format === 'readings-json'
      ? `the body is not SensorData as JSON: ${reasonOf(error)}`
      : 'the body is not a valid SensorData message';
  }
  return data.count > MAX_SERIES_PER_BODY ? `the body has more than ${MAX_SERIES_PER_BODY} series: send several` : data;
}

/** What JSON.parse says repeats a piece of the body; only its position is passed on. */
function reasonOf(error: unknown): string {
  if (error instanceof TypeError) return 'it is not valid UTF-8';
  if (!(error instanceof SyntaxError)) return messageOf(error);
  const at = /position (\d+)/.exec(error.message)?.[1];
  return at === undefined ? 'it is not valid JSON' : `it is not valid JSON at character ${Number(at) + 1}`;
}
