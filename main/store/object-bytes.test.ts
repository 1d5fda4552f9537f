import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { objectBytes } from '../testing/blocks.ts';
import { StoreFolder } from '../testing/store-folder.ts';
import type { BlockInfo } from './types.ts';

let folder: StoreFolder;
beforeEach(() => {
  folder = new StoreFolder({ maxSeries: 10, nowUs: 0 });
});
afterEach(() => folder.end());

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Of several segments. */
function planBlock(): BlockInfo {
  const ids = ['a', 'b', 'c'].map((field) => folder.store.series.resolve({ measurement: 'm', field, tags: [] }) ?? 0);
  folder.store.append(
    {
      count: 3_000,
      series: Uint32Array.from({ length: 3_000 }, (_, i) => ids[i % 3] ?? 0),
      t: Float64Array.from({ length: 3_000 }, (_, i) => i * 1_000),
      v: Float64Array.from({ length: 3_000 }, () => Math.random()),
    },
    1,
  );
  folder.store.cut(1, 'always');
  folder.close(0);
  folder.store.freezeDay(0);
  const plan = { gatewayId: 'g', prefix: '', storeId: 's', targetBytes: 1_000_000, nowUs: 5 };
  const block = folder.store.planBlock(0, plan);
  if (block === undefined) throw new Error('nothing was planned');
  return block;
}

it('T2 any byte range of a frozen block is the same bytes, and parts hash to their table', () => {
  const block = planBlock();
  while (folder.store.splitStep(block.id, 7_000));
  const whole = objectBytes(folder.store, block.id, 0, block.bytes);
  expect(sha256(whole)).toBe(block.sha256);
  expect(block.key).toBe(`gateway=g/date=1970-01-01/${block.id}-${block.sha256.slice(0, 16)}.tmb`);
  const parts = folder.store.parts(block.id);
  expect(parts.length).toBeGreaterThan(2);
  for (const p of parts) {
    const bytes = objectBytes(folder.store, block.id, p.offset, p.length);
    expect(Buffer.from(bytes)).toEqual(Buffer.from(whole.subarray(p.offset, p.offset + p.length)));
    expect(sha256(bytes)).toBe(hex(p.sha256));
  }
  expect(block.readings).toBe(3_000);
  // Piece after piece, through memory of whatever size.
  for (const size of [900, 5_000, 1 << 20]) {
    const memory = new Uint8Array(size);
    const pieces: Buffer[] = [];
    for (let at = 10; at < block.bytes; ) {
      const { bytes } = folder.store.fillFrom(block.id, at, block.bytes, memory);
      pieces.push(Buffer.from(memory.subarray(0, bytes)));
      at += bytes;
    }
    expect(Buffer.concat(pieces).equals(whole.subarray(10))).toBe(true);
  }
});

it('P9 a block is cut into other parts of the same object, unless an upload goes by those it has', () => {
  const { id, bytes, sha256: planned } = planBlock();
  const before = objectBytes(folder.store, id, 0, bytes);
  expect(folder.store.parts(id).map((p) => [p.length, hex(p.sha256)])).toEqual([[bytes, planned]]);
  while (folder.store.splitStep(id, 4_000));
  const parts = folder.store.parts(id);
  expect(folder.store.block(id)).toMatchObject({ parts: parts.length, partBytes: 4_000, bytes, sha256: planned });
  expect(parts.map(({ length }) => length).slice(0, -1)).toEqual(Array(parts.length - 1).fill(4_000));
  for (const p of parts) expect(sha256(before.subarray(p.offset, p.offset + p.length))).toBe(hex(p.sha256));
  folder.store.patchBlock(id, { uploadId: 'u' });
  while (folder.store.splitStep(id, 5_000));
  expect(folder.store.parts(id)).toEqual(parts);
});

it('P9 a read-back that has begun goes on by the parts it began with', () => {
  const { id } = planBlock();
  folder.store.moveBlock(id, 'planned', 'uploading', {}, 1);
  folder.store.moveBlock(id, 'uploading', 'uploaded', {}, 2);
  while (folder.store.splitStep(id, 4_000));
  const parts = folder.store.parts(id);
  expect(parts.length).toBeGreaterThan(2);
  folder.store.setPartVerified(id, 1);
  while (folder.store.splitStep(id, 5_000));
  expect(folder.store.parts(id)).toEqual(parts.map((p) => ({ ...p, verified: p.partNumber === 1 })));
});
