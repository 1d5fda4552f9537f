import { defineConfig } from '@playwright/test';
import { CHROMIUM_FLAGS, ensureChromium } from '../scripts/chromium.ts';

const executablePath = ensureChromium();

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  fullyParallel: true,
  forbidOnly: true,
  // A test that passes at the second try is a test that fails.
  retries: 0,
  // The machines that run this have two cores, and every test has a gateway of its own.
  workers: 2,
  timeout: 90_000,
  // Three times the usual: what is waited for comes late on a machine that is busy.
  expect: { timeout: 15_000 },
  globalTimeout: 20 * 60_000,
  use: {
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: { args: CHROMIUM_FLAGS, ...(executablePath === undefined ? {} : { executablePath }) },
  },
});
