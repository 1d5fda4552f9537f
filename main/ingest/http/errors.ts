import { type Blame, type RetryClass, TidemarkError } from '../../../shared/errors.ts';

/**
 * Status codes decide what a real client does with its readings (Telegraf's outputs and InfluxDB's replication, read in their
 * sources): 400, 404, 405 and 415 make it drop them, so they are only for what would never be accepted; 401 and 503 make it keep them
 * and come back; 413 makes it send halves. 500 is never sent: some clients drop on it, and a fault of ours is 503.
 */
export type HttpStatus = 400 | 401 | 404 | 405 | 413 | 415 | 503;

/** InfluxDB's names for them, as its clients know them. */
const CODES: Record<HttpStatus, string> = {
  400: 'invalid',
  401: 'unauthorized',
  404: 'not found',
  405: 'method not allowed',
  413: 'request too large',
  415: 'unsupported media type',
  503: 'unavailable',
};

const RETRY: Partial<Record<HttpStatus, RetryClass>> = { 401: 'later', 503: 'later' };

/** An error as an HTTP reply. */
export class HttpError extends TidemarkError {
  readonly status: HttpStatus;
  /** Whole seconds, only with 503: clients take anything else for "at once" or a default of their own. */
  readonly retryAfterS: number | undefined;
  /** Only with 413: the largest body, as InfluxDB's clients look for it. */
  readonly maxLength: number | undefined;
  /** The connection cannot be used again: the rest of the body was not read. */
  readonly closes: boolean;

  constructor(
    status: HttpStatus,
    message: string,
    o: { retryAfterS?: number; maxLength?: number; closes?: boolean; cause?: unknown } = {},
  ) {
    const blame: Blame = status === 503 ? 'gateway' : 'client';
    super(CODES[status], message, { retry: RETRY[status] ?? 'never', blame, cause: o.cause });
    this.name = 'HttpError';
    this.status = status;
    this.retryAfterS = o.retryAfterS === undefined ? undefined : wholeSeconds(o.retryAfterS);
    this.maxLength = o.maxLength;
    this.closes = o.closes ?? false;
  }
}

/** Retry-After: clients take a fraction or 0 for "at once" or a default of their own. */
export const wholeSeconds = (s: number): number => Math.max(1, Math.ceil(s));

/** The JSON of an error reply. v1 clients look for `error` and keep sending a batch for ever when they do not find its words. */
export function errorBody(error: HttpError, v1: boolean): Record<string, string | number> {
  return {
    code: error.code,
    message: error.message,
    ...(error.maxLength === undefined ? {} : { maxLength: error.maxLength }),
    ...(v1 ? { error: error.message } : {}),
  };
}

const HEADER_LENGTH = 500;

/** A message as a header value: printable ASCII only, shortened. */
export function headerText(message: string): string {
  return message.slice(0, HEADER_LENGTH).replace(/[^\x20-\x7e]/g, '?');
}
