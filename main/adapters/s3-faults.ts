import { codeOf } from '../../shared/errors.ts';
import type { StoreFault } from '../ports/object-store.ts';

/** S3 error codes whose meaning is not in the HTTP status. */
const CODES: Readonly<Record<string, StoreFault>> = {
  NoSuchBucket: 'no-bucket',
  NoSuchKey: 'not-found',
  NotFound: 'not-found',
  NoSuchUpload: 'no-upload',
  PreconditionFailed: 'precondition',
  RequestTimeTooSkewed: 'clock',
  AccessDenied: 'credentials',
  SignatureDoesNotMatch: 'credentials',
  InvalidAccessKeyId: 'credentials',
  BadDigest: 'integrity',
  XAmzContentChecksumMismatch: 'integrity',
  XAmzContentSHA256Mismatch: 'integrity',
  InvalidPart: 'integrity',
  InvalidRange: 'integrity',
  IncompleteBody: 'offline',
  XMinioStorageFull: 'full',
  QuotaExceeded: 'full',
  XMinioAdminBucketQuotaExceeded: 'full',
  SlowDown: 'throttled',
  SlowDownRead: 'throttled',
  SlowDownWrite: 'throttled',
  RequestTimeout: 'offline',
  XMinioServerNotInitialized: 'server',
};

const ERRNO_OFFLINE = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTDOWN',
  'ECONNABORTED',
];

/** What an answer means. `code` is the S3 error code of its body, if it had one; `s3` whether the answer looks like an S3 server's at all. */
export function faultOfAnswer(status: number, code: string | undefined, s3: boolean): StoreFault {
  const known = code === undefined ? undefined : CODES[code];
  if (known !== undefined) return known;
  if (status === 429 || status === 503) return 'throttled';
  if (status === 507) return 'full';
  if (status >= 500) return 'server';
  // Login pages answer 200, redirect, or refuse in their own words; a real store names every request.
  if (!s3 || status < 400) return 'portal';
  if (status === 401 || status === 403) return 'credentials';
  if (status === 404) return 'not-found';
  if (status === 412) return 'precondition';
  if (status === 416) return 'integrity';
  return 'server';
}

/** What a thrown network error means. TLS failures count as a portal: somebody else answers, or the clock or CA is wrong. */
export function faultOfError(error: unknown): StoreFault {
  const code = codeOf(error);
  if (code === 'ABORT_ERR' || (error instanceof Error && error.name === 'AbortError')) return 'aborted';
  if (ERRNO_OFFLINE.includes(code)) return 'offline';
  if (/CERT|TLS|SSL|EPROTO|SELF_SIGNED|UNABLE_TO_VERIFY|HPE_/.test(code)) return 'portal';
  return 'offline';
}
