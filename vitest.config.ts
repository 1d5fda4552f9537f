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
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'minio',
          include: [MINIO_TESTS],
          globalSetup: ['main/testing/minio-global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
