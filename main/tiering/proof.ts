import { createHash } from 'node:crypto';
import type { ObjectHead } from '../ports/object-store.ts';
import type { BlockInfo, PartInfo } from '../store/types.ts';

const md5 = (bytes: Uint8Array): Buffer => createHash('md5').update(bytes).digest();
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** The ETag S3 makes of these parts: MD5 of a single PUT, else MD5 of the parts' MD5s and their number; undefined when those were not made. */
function derivedEtag(parts: readonly PartInfo[]): string | undefined {
  const md5s = parts.flatMap((part) => part.md5 ?? []);
  if (md5s.length < parts.length) return undefined;
  const [only] = md5s;
  if (md5s.length === 1 && only !== undefined) return Buffer.from(only).toString('hex');
  return `${md5(Buffer.concat(md5s)).toString('hex')}-${parts.length}`;
}

/**
 * What a HEAD says of our object, from values the server computed against the frozen part table (rule T2).
 * `same`: a checksum or the ETag agrees. `other`: size or checksum differ. `unknown`: no usable value (e.g. SSE-KMS): only a read-back can tell.
 */
export function judge(
  head: ObjectHead,
  block: Pick<BlockInfo, 'bytes' | 'sha256'>,
  parts: readonly PartInfo[],
): 'same' | 'other' | 'unknown' {
  if (head.size !== block.bytes) return 'other';
  if (head.checksumSha256 !== undefined) {
    const whole = Buffer.from(block.sha256, 'hex').toString('base64');
    const composite = `${sha256(Buffer.concat(parts.map((p) => p.sha256))).toString('base64')}-${parts.length}`;
    return head.checksumSha256 === whole || head.checksumSha256 === composite ? 'same' : 'other';
  }
  return head.etag === derivedEtag(parts) ? 'same' : 'unknown';
}
