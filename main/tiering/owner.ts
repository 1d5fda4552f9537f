import { createHash } from 'node:crypto';
import { ObjectStoreError } from '../ports/object-store.ts';
import type { Pass } from './context.ts';

/** Who writes under a gateway's prefix: `<prefix>gateway=<id>/owner`. */
export interface Identity {
  /** Of the data folder. */
  instance: string;
  /** Of this start. */
  nonce: string;
}

export type Ownership = { ours: true } | { ours: false; reason: string };

/**
 * Claims the prefix once per start, later only looks. Another instance: two gateways share an id. Another nonce of the same instance after our
 * claim: the disk was cloned, and the clone claimed later.
 */
export async function checkOwner(
  p: Pick<Pass, 'archive' | 'settings' | 'signal'>,
  me: Identity,
  claimed: boolean,
): Promise<Ownership> {
  const key = `${p.settings.prefix}gateway=${p.settings.gatewayId}/owner`;
  const body = Buffer.from(JSON.stringify(me));
  const digests = { length: body.length, sha256: createHash('sha256').update(body).digest() };
  const call = { signal: p.signal };
  const found = await read(p, key);
  if (found === undefined) {
    if (claimed)
      return {
        ours: false,
        reason: `the owner mark of gateway "${p.settings.gatewayId}" vanished from the archive; restart this gateway to claim it again.`,
      };
    await p.archive.put(key, body, digests, { ifNoneMatch: true }, call);
    return { ours: true };
  }
  if (found.owner.instance !== me.instance) {
    return {
      ours: false,
      reason: `another gateway with the id "${p.settings.gatewayId}" writes to this archive. Give this one another gateway.id.`,
    };
  }
  if (found.owner.nonce === me.nonce) return { ours: true };
  if (claimed)
    return {
      ours: false,
      reason:
        "a copy of this gateway's disk is running and writes to the same archive. Stop one of them, then restart the other.",
    };
  await p.archive.put(key, body, digests, { ifMatch: found.etag }, call);
  return { ours: true };
}

async function read(
  p: Pick<Pass, 'archive' | 'signal'>,
  key: string,
): Promise<{ owner: Identity; etag: string } | undefined> {
  try {
    const { size, etag } = await p.archive.head(key, { signal: p.signal });
    if (size > 10_000) throw new ObjectStoreError('integrity', 'the owner mark in the archive is not ours');
    const pieces: Uint8Array[] = [];
    for await (const piece of await p.archive.get(
      key,
      { offset: 0, length: size },
      { ifMatch: etag, signal: p.signal },
    ))
      pieces.push(piece);
    const owner: unknown = JSON.parse(Buffer.concat(pieces).toString('utf8'));
    if (typeof owner === 'object' && owner !== null && 'instance' in owner && 'nonce' in owner) {
      return { owner: { instance: String(owner.instance), nonce: String(owner.nonce) }, etag };
    }
    return { owner: { instance: '?', nonce: '?' }, etag };
  } catch (error) {
    if (error instanceof ObjectStoreError && error.fault === 'not-found') return undefined;
    if (error instanceof SyntaxError) return { owner: { instance: '?', nonce: '?' }, etag: '' };
    throw error;
  }
}
