import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createMemoryStore } from '../testing/memory-store.ts';
import { digestsOf, objectStoreSuite } from '../testing/object-store-suite.ts';
import { createArchiveMarker, createDirectoryStore } from './directory-store.ts';

objectStoreSuite('memory', async () => {
  const store = createMemoryStore();
  return { store, again: () => store, cleanUp: async () => undefined };
});

objectStoreSuite('directory', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-archive-'));
  await createArchiveMarker(directory, 'g');
  const make = () => createDirectoryStore({ directory, gatewayId: 'g' });
  return { store: make(), again: make, cleanUp: async () => rmSync(directory, { recursive: true }) };
});

it('O4 a folder without the marker is not mounted, one of another gateway is refused, and nothing is written there', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-archive-'));
  const store = createDirectoryStore({ directory, gatewayId: 'g' });
  const body = Buffer.from('x');
  await expect(store.put('k', body, digestsOf(body), { ifNoneMatch: true })).rejects.toMatchObject({
    fault: 'no-bucket',
    message: /not mounted/,
  });
  await createArchiveMarker(directory, 'other');
  // The words of the marker itself are possible ids, too.
  for (const gatewayId of ['g', 'gateway', 'tidemark'])
    await expect(createDirectoryStore({ directory, gatewayId }).probe()).rejects.toMatchObject({
      fault: 'no-bucket',
      message: /another gateway/,
    });
  rmSync(directory, { recursive: true });
});

it('O4 head tells what is on the disk now, not what was put', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-archive-'));
  await createArchiveMarker(directory, 'g');
  const store = createDirectoryStore({ directory, gatewayId: 'g' });
  const body = Buffer.from('good');
  const { etag } = await store.put('k', body, digestsOf(body), { ifNoneMatch: true });
  appendFileSync(join(directory, 'k'), '!');
  expect((await store.head('k')).etag).not.toBe(etag);
  writeFileSync(join(directory, 'k'), 'goop');
  await expect(store.get('k', { offset: 0, length: 4 }, { ifMatch: etag })).rejects.toMatchObject({
    fault: 'precondition',
  });
  rmSync(directory, { recursive: true });
});
