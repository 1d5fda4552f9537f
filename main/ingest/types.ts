import type { SeriesIdentity } from '../../shared/series-key.ts';
import type { StoreApi } from '../store/types.ts';

/** Unit of the timestamps of a line-protocol body; `m` and `h` come from v1 clients only. */
export type Precision = 'ns' | 'us' | 'ms' | 's' | 'm' | 'h';

/** A request body as it crosses to the writer thread: already decompressed and within the size limit, not yet parsed. */
export interface IngestRequest {
  format: 'line' | 'readings-protobuf' | 'readings-json';
  body: Uint8Array;
  /** Line protocol only. */
  precision: Precision;
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
  /** Readings whose nanosecond timestamp was floored to microseconds, or whose integer became the nearest float64. */
  floored: number;
  rounded: number;
}

/** The part of ingest that runs in the writer thread: parse all, commit all, one result each, in order. */
export interface IngestApi {
  /**
   * Resolves when all readings are committed, a small group in one FULL commit, a large one in parts between which other calls are answered. Rejects
   * (retry later; parts committed before stay) when the store fails. `receivedUs` stamps readings without a timestamp.
   * Bodies may move to the thread that parses them: whoever handed them over does not look at them again.
   */
  ingest(requests: IngestRequest[], receivedUs: number): Promise<IngestResult[]>;
}

/** The store's registry of series: gives each identity its local id. */
export interface SeriesRegistry {
  /** The id of the series, registered now if it is new (durable with the next append); undefined when `max_series` is reached. */
  resolve(identity: SeriesIdentity, unit?: string): number | undefined;
  /** Changes when ids given out since the last commit became void (a failed append): forget every id. */
  readonly generation: number;
}

/** What ingest needs of the store. `append` may not keep the batch's arrays: they are used again for the next one. */
export type IngestStore = Pick<StoreApi, 'append'> & { readonly series: SeriesRegistry };
