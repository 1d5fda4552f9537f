import type { IngestApi } from './ingest/types.ts';
import type { StoreApi } from './store/types.ts';

/** Everything the main thread may ask of the writer thread (main/writer.ts composes it). */
export type WriterApi = StoreApi & IngestApi;
