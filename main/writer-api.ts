import type { IngestApi } from './ingest/types.ts';
import type { StoreApi } from './store/types.ts';

/** Everything the main thread may ask of the writer thread (main/writer.ts composes it). */
export type WriterApi = StoreApi & IngestApi;

/** Calls whose large arguments move to the thread: bodies of requests, at which nobody looks any more, and memory that comes back filled. */
export const MOVES: readonly (keyof WriterApi)[] = ['ingest', 'fillFrom'];
