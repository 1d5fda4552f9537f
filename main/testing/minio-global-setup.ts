import type { TestProject } from 'vitest/node';
import { givenMinio, type MinioAccess, startMinio } from './minio-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The MinIO shared by all *.minio.test.ts files: `inject('minio')`. Each test makes its own bucket. */
    minio: MinioAccess;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = givenMinio();
  if (given !== undefined) {
    project.provide('minio', given);
    return async () => undefined;
  }
  const server = await startMinio();
  project.provide('minio', { endpoint: server.endpoint, accessKey: server.accessKey, secretKey: server.secretKey });
  return () => server.close();
}
