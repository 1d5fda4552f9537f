import { type Blame, type RetryClass, TidemarkError } from '../../shared/errors.ts';

/** Classes of failures of an object store. `link` ones pause the whole queue; the others belong to one object or to the set-up. */
export type StoreFault =
  | 'offline' // no connection, time-out, reset before any answer
  | 'throttled' // 429, 503 SlowDown
  | 'server' // other 5xx
  | 'credentials' // 401, 403, unknown key, wrong signature
  | 'clock' // RequestTimeTooSkewed
  | 'no-bucket' // the bucket (or the mounted folder) is missing
  | 'full' // the archive has no room
  | 'integrity' // wrong digest, wrong ETag, short answer
  | 'portal' // not an S3 answer: captive portal, wrong host
  | 'precondition' // If-None-Match / If-Match failed (412)
  | 'not-found' // no such object
  | 'no-upload' // the multipart upload is unknown
  | 'aborted'; // our own AbortSignal

const FAULTS: Record<StoreFault, { retry: RetryClass; blame: Blame }> = {
  offline: { retry: 'later', blame: 'network' },
  throttled: { retry: 'later', blame: 'archive' },
  server: { retry: 'later', blame: 'archive' },
  credentials: { retry: 'later', blame: 'operator' },
  clock: { retry: 'later', blame: 'operator' },
  'no-bucket': { retry: 'later', blame: 'operator' },
  full: { retry: 'later', blame: 'archive' },
  integrity: { retry: 'now', blame: 'archive' },
  portal: { retry: 'later', blame: 'network' },
  precondition: { retry: 'never', blame: 'archive' },
  'not-found': { retry: 'never', blame: 'archive' },
  'no-upload': { retry: 'now', blame: 'archive' },
  aborted: { retry: 'never', blame: 'gateway' },
};

/** Every rejection of an ObjectStore is one of these. `code` is the fault. */
export class ObjectStoreError extends TidemarkError {
  readonly fault: StoreFault;
  /** Seconds the server asked us to wait (Retry-After), if it did. */
  readonly retryAfterS: number | undefined;

  constructor(fault: StoreFault, message: string, o: { action?: string; cause?: unknown; retryAfterS?: number } = {}) {
    super(fault, message, {
      ...FAULTS[fault],
      ...(o.action === undefined ? {} : { action: o.action }),
      cause: o.cause,
    });
    this.name = 'ObjectStoreError';
    this.fault = fault;
    this.retryAfterS = o.retryAfterS;
  }
}

/** What a HEAD proves: everything here was computed by the server, not by us. */
export interface ObjectHead {
  size: number;
  /** Without quotes. Single PUT: hex MD5 of the body; multipart: hex MD5 of the parts' MD5s, `-`, number of parts (unless SSE-KMS/SSE-C). */
  etag: string;
  /** Base64 SHA-256 (`-N` appended when composite: SHA-256 of the parts' SHA-256s); undefined when the server keeps none. */
  checksumSha256?: string;
}

/** What is sent: at once, or in pieces, each of which is done with when the next is asked for: its memory may be used again, or be gone. */
export type Body = Uint8Array | AsyncIterable<Uint8Array>;

/** What the caller already knows of the exact bytes sent, so that nobody has to hash or hold a body to send it. */
export interface BodyDigests {
  length: number; // bytes
  sha256: Uint8Array; // 32 bytes
}

/** The store lists the parts of an upload by their MD5s. */
export interface PartDigests extends BodyDigests {
  md5: Uint8Array; // 16 bytes
}

export interface StoredPart {
  partNumber: number; // 1..10000
  etag: string;
  size: number;
}

/** What a probe of the link found. */
export interface ProbeResult {
  /** The server's Date header, if it sent one: seconds resolution. */
  serverTimeUs?: number;
}

export interface Call {
  signal?: AbortSignal;
}

/**
 * The archive as Tidemark sees it: immutable objects under string keys (`/`-separated, no `..`, no empty part).
 * Every method rejects with an ObjectStoreError, honours the signal, and has an idle deadline of its own. No method retries.
 * A resolved `put` or `completeUpload` proves nothing (rule T4); only `head` and `get` do.
 */
export interface ObjectStore {
  /** Names the store without secrets, stable over restarts: `minio:https://host:9000/bucket`, `directory:/mnt/nas`. */
  readonly id: string;
  /** Smallest size of a part but the last, bytes. */
  readonly minPartBytes: number;

  /** One small round trip that fails as the real work would (link, credentials, bucket, mount). */
  probe(call?: Call): Promise<ProbeResult>;
  /**
   * Stores a whole object; `ifNoneMatch: true` refuses to replace (precondition), `ifMatch` replaces only that ETag. A body that fails while it is read
   * fails the call, with any fault: whoever made it knows better.
   */
  put(
    key: string,
    body: Body,
    digests: BodyDigests,
    condition: { ifNoneMatch: true } | { ifMatch: string },
    call?: Call,
  ): Promise<{ etag: string }>;

  createUpload(key: string, call?: Call): Promise<{ uploadId: string }>;
  putPart(
    key: string,
    uploadId: string,
    partNumber: number,
    body: Body,
    digests: PartDigests,
    call?: Call,
  ): Promise<{ etag: string }>;
  /** The parts the server holds, ascending. `no-upload` when it forgot the upload. */
  listParts(key: string, uploadId: string, call?: Call): Promise<StoredPart[]>;
  /** Makes the object of all parts, only if the key is free or (`ifMatch`) still has that ETag. */
  completeUpload(
    key: string,
    uploadId: string,
    parts: { partNumber: number; etag: string; sha256: Uint8Array }[],
    condition: { ifNoneMatch: true } | { ifMatch: string },
    call?: Call,
  ): Promise<{ etag: string }>;
  /** Frees the parts; an unknown upload counts as done. */
  abortUpload(key: string, uploadId: string, call?: Call): Promise<void>;

  head(key: string, call?: Call): Promise<ObjectHead>;
  /**
   * Streams `length` bytes from `offset`. `ifMatch` (an ETag) rejects with `precondition` when the object changed.
   * Rejects with `integrity` when fewer bytes come, or when the server ignores the range.
   */
  get(
    key: string,
    range: { offset: number; length: number },
    o?: Call & { ifMatch?: string },
  ): Promise<AsyncIterable<Uint8Array>>;
  /** An absent object counts as deleted. */
  remove(key: string, call?: Call): Promise<void>;
  /** Keys with the prefix, in key order. For checks and rebuilds only: no query ever lists. */
  list(prefix: string, call?: Call): AsyncIterable<{ key: string; size: number }>;
  /** Frees sockets and handles. */
  close(): Promise<void>;
}
