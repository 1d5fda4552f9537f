import { AsyncLocalStorage } from 'node:async_hooks';
import http from 'node:http';
import https from 'node:https';
import { Client } from 'minio';
import { codeOf } from '../../shared/errors.ts';
import { type Body, ObjectStoreError } from '../ports/object-store.ts';
import { faultOfAnswer, faultOfError } from './s3-faults.ts';
import { xmlText } from './s3-xml.ts';

export interface S3Options {
  /** `http://host:9000` or `https://...`. */
  endpoint: string;
  bucket: string;
  region: string;
  accessKey: string;
  secretKey: string;
  /** PEM of further authorities. */
  ca?: string;
  /** Requests at the same time. */
  concurrency: number;
  /** Milliseconds without a byte in either direction after which a request fails as offline. */
  idleMs?: number;
}

export interface S3Request {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD';
  key?: string;
  query?: string;
  headers?: Record<string, string>;
  body?: Body;
  /** Hex SHA-256 of the body, to be signed. Without it a body is sent unsigned: its checksum must be among the headers, which always are. */
  sha256?: string;
  signal?: AbortSignal | undefined;
}

/** One request on its way. */
interface Exchange {
  signal: AbortSignal | undefined;
  pieces: AsyncIterable<Uint8Array> | undefined;
  response?: http.IncomingMessage;
  /** Nothing more comes. */
  lost(error: Error): void;
}

const IDLE_MS = 30_000;
const MOST_ERROR_BYTES = 64 * 1024;
/** Whatever the archive asks for, it is asked again after this. */
const MOST_RETRY_AFTER_S = 600;
const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
/** minio-js must hand every answer to us: it drops status and headers of the ones it does not expect. */
const EVERY_STATUS = Array.from({ length: 900 }, (_, i) => 100 + i);

/** Signs with minio-js and sends over our own transport: idle deadline, abort, the real status of every answer, and no retries. */
export class S3Transport {
  readonly #client: Client;
  /** Signs no bodies. A server that has to prove a checksum anyway need not hash the body for the signature once more. */
  readonly #bodyClient: Client;
  readonly #options: S3Options;
  readonly #agent: http.Agent;
  readonly #calls = new AsyncLocalStorage<Exchange>();

  constructor(o: S3Options) {
    this.#options = o;
    const url = new URL(o.endpoint);
    const secure = url.protocol === 'https:';
    const agent = {
      keepAlive: true,
      // As many more wait for answers; queries and probes find one, too.
      maxSockets: 2 * o.concurrency + 2,
      ...(secure && o.ca !== undefined ? { ca: o.ca } : {}),
    };
    this.#agent = secure ? new https.Agent(agent) : new http.Agent(agent);
    const send = secure ? https.request : http.request;
    const client = {
      endPoint: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port === '' ? (secure ? 443 : 80) : url.port),
      useSSL: secure,
      accessKey: o.accessKey,
      secretKey: o.secretKey,
      region: o.region,
      pathStyle: true,
      retryOptions: { disableRetry: true },
      transportAgent: this.#agent,
      transport: {
        request: (request: http.RequestOptions, answered: (response: http.IncomingMessage) => void) =>
          this.#request(send, request, answered),
      } as unknown as NonNullable<ConstructorParameters<typeof Client>[0]['transport']>,
    };
    this.#client = new Client(client);
    this.#bodyClient = new Client(client);
    this.#bodyClient.enableSHA256 = false;
  }

  #request(
    send: typeof http.request,
    options: http.RequestOptions,
    answered: (response: http.IncomingMessage) => void,
  ): Pick<http.ClientRequest, 'on' | 'end'> {
    const call = this.#calls.getStore();
    const idleMs = this.#options.idleMs ?? IDLE_MS;
    const request = send(
      { ...options, timeout: idleMs, ...(call?.signal === undefined ? {} : { signal: call.signal }) },
      (response) => {
        if (call !== undefined) call.response = response;
        answered(response);
      },
    );
    request.on('timeout', () =>
      request.destroy(Object.assign(new Error(`no byte came or went for ${idleMs / 1_000} s`), { code: 'ETIMEDOUT' })),
    );
    request.once('error', (error) => call?.lost(error));
    // Some answers (101) end the connection with neither an answer nor an error.
    request.once('close', () => call?.lost(new Error('the connection was closed')));
    const pieces = call?.pieces;
    if (pieces === undefined) return request;
    // minio-js knows of no body; what it ends is sent by us.
    const end = (): http.ClientRequest => {
      void pump(request, pieces);
      return request;
    };
    return { on: request.on.bind(request), end };
  }

  /** The answer, whatever its status, unread. Rejects only when there was none. */
  async send(r: S3Request): Promise<http.IncomingMessage> {
    const { promise: lost, reject } = Promise.withResolvers<never>();
    const whole = r.body instanceof Uint8Array ? r.body : undefined;
    const pieces = r.body === undefined || r.body instanceof Uint8Array ? undefined : r.body;
    const call: Exchange = { signal: r.signal, lost: reject, pieces };
    if (r.signal?.aborted === true) throw new ObjectStoreError('aborted', 'stopped');
    const body = whole === undefined ? '' : Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength);
    const sha256 = r.sha256 ?? (r.body === undefined ? EMPTY_SHA256 : '');
    const client = sha256 === '' ? this.#bodyClient : this.#client;
    const options = {
      method: r.method,
      bucketName: this.#options.bucket,
      headers: r.headers ?? {},
      ...(r.key === undefined ? {} : { objectName: r.key }),
      ...(r.query === undefined ? {} : { query: r.query }),
    };
    try {
      await this.#calls.run(call, () =>
        Promise.race([
          client.makeRequestStreamAsync(
            options,
            body,
            client.enableSHA256 ? sha256 : '',
            EVERY_STATUS,
            this.#options.region,
          ),
          lost,
        ]),
      );
    } catch (error) {
      if (call.response === undefined) throw this.failure(error);
    }
    if (call.response === undefined) throw new ObjectStoreError('offline', 'the archive gave no answer');
    return call.response;
  }

  failure(error: unknown): ObjectStoreError {
    if (error instanceof ObjectStoreError) return error;
    const fault = faultOfError(error);
    const code = codeOf(error);
    const why = code === '' ? '' : ` (${code})`;
    return new ObjectStoreError(fault, fault === 'aborted' ? 'stopped' : `no connection to the archive${why}`, {
      cause: error,
    });
  }

  /** Sends, reads the whole (small) answer, and rejects with its fault unless the status is one of `expected`. */
  async exchange(
    r: S3Request,
    expected: readonly number[],
  ): Promise<{ headers: http.IncomingHttpHeaders; text: string; status: number }> {
    const response = await this.send(r);
    const text = await this.#read(response);
    const status = response.statusCode ?? 0;
    if (!expected.includes(status) || !looksLikeS3(response)) throw this.refusal(response, text);
    return { headers: response.headers, text, status };
  }

  /** The error of an unexpected answer. */
  refusal(response: http.IncomingMessage, text: string): ObjectStoreError {
    const status = response.statusCode ?? 0;
    const code = xmlText(text, 'Code');
    const fault = faultOfAnswer(status, code, looksLikeS3(response));
    const retryAfter = Number(response.headers['retry-after'] ?? Number.NaN);
    const what =
      fault === 'portal'
        ? 'something that is not an S3 server answered at the archive address'
        : `the archive answered ${status}${code === undefined ? '' : ` ${code}`}`;
    return new ObjectStoreError(
      fault,
      what,
      retryAfter >= 0 ? { retryAfterS: Math.min(retryAfter, MOST_RETRY_AFTER_S) } : {},
    );
  }

  /** Reads an error body, bounded, so that the socket is free again. */
  async refuse(response: http.IncomingMessage): Promise<never> {
    throw this.refusal(response, await this.#read(response));
  }

  async #read(response: http.IncomingMessage): Promise<string> {
    const pieces: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const piece of response) {
        bytes += (piece as Buffer).length;
        if (bytes > MOST_ERROR_BYTES * 64)
          throw Object.assign(new Error('the answer is too large'), { code: 'HPE_TOO_LARGE' });
        pieces.push(piece as Buffer);
      }
    } catch (error) {
      throw this.failure(error);
    }
    return Buffer.concat(pieces).toString('utf8');
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Sends piece after piece, the next asked for when one has gone. A piece that fails, or an answer that comes before all have gone, ends the request. */
async function pump(request: http.ClientRequest, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const closed = new Promise<void>((resolve) => request.once('close', () => resolve()));
  request.once('response', (response) =>
    response.once('close', () => {
      if (!request.writableEnded) request.destroy();
    }),
  );
  try {
    for await (const piece of pieces) {
      await Promise.race([new Promise<void>((resolve) => request.write(piece, () => resolve())), closed]);
      if (request.destroyed) return;
    }
    request.end();
  } catch (error) {
    request.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

/** Every S3 server names its answers. */
export function looksLikeS3(response: http.IncomingMessage): boolean {
  return response.headers['x-amz-request-id'] !== undefined;
}
