import { Client } from 'minio';
import { describe, expect, inject, test } from 'vitest';
import { type MinioAccess, startMinio } from './minio-server.ts';

function clientOf(access: MinioAccess): Client {
  const { hostname, port } = new URL(access.endpoint);
  const { accessKey, secretKey } = access;
  return new Client({
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
    accessKey,
    secretKey,
    region: 'us-east-1',
  });
}

describe('G3 the MinIO of the tests', () => {
  test('the shared server answers signed requests', async () => {
    const client = clientOf(inject('minio'));
    const bucket = `self-${crypto.randomUUID()}`;
    await client.makeBucket(bucket);
    expect(await client.bucketExists(bucket)).toBe(true);
    await client.removeBucket(bucket);
  });

  test('a server of one test keeps its data and its port over a restart', async () => {
    const server = await startMinio();
    try {
      await clientOf(server).makeBucket('kept');
      await server.stop();
      await expect(clientOf(server).bucketExists('kept')).rejects.toThrow();
      await server.restart();
      expect(await clientOf(server).bucketExists('kept')).toBe(true);
    } finally {
      await server.close();
    }
  });
});
