import type { TidemarkError } from '../../shared/errors.ts';

/** A request body as it crosses to the writer thread: already decompressed and within the size limit, not yet parsed. */
export interface IngestRequest {
  format: 'line' | 'readings-protobuf' | 'readings-json';
  body: Uint8Array;
  /** Line protocol only: microseconds per timestamp unit as a divisor/multiplier name. */
  precision: 'ns' | 'us' | 'ms' | 's';
}

/** What was refused in one request; the rest of it was committed. */
export interface Refusal {
  /** 1-based line (line protocol) or index of the series (readings), and 1-based byte column; 0 when unknown. */
  line: number;
  column: number;
  message: string;
}

export interface IngestResult {
  /** Readings committed to the journal. */
  accepted: number;
  /** First refusals, at most 100, and how many there were. */
  refusals: Refusal[];
  refused: number;
  /** Nanosecond timestamps floored to microseconds; integers beyond 2^53 rounded to the nearest float64. */
  floored: number;
  rounded: number;
}

/** The part of ingest that runs in the writer thread: parse all, one FULL commit for all, one result each, in order. */
export interface IngestApi {
  /** Throws (nothing committed, retry later) when the store fails. `receivedUs` stamps readings without a timestamp. */
  ingest(requests: IngestRequest[], receivedUs: number): IngestResult[];
}

/** An error as an HTTP reply needs it. */
export interface HttpRefusal {
  status: 400 | 401 | 404 | 405 | 411 | 413 | 415 | 503;
  error: TidemarkError;
  retryAfterS?: number;
}
