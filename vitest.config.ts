import { defineConfig } from 'vitest/config';

const MINIO_TESTS = 'main/**/*.minio.test.ts';

export default defineConfig({
  test: {
    // Forks, not threads: better-sqlite3 and worker threads of our own live in the tests.
    pool: 'forks',
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{main,shared,scripts,bench}/**/*.test.ts', 'renderer/**/*.test.{ts,tsx}'],
          exclude: [MINIO_TESTS],
          // Most of their time they wait for the disk; by itself vitest leaves one core free.
          maxWorkers: '100%',
          // Only a hang ends by this: a test may come late on a machine that is busy.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'minio',
          include: [MINIO_TESTS],
          globalSetup: ['main/testing/minio-global-setup.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
