import { expect, test } from 'vitest';
import { playwrightCounts, vitestCounts } from './counts.ts';

test('G2 a vitest test that did not run counts as failed', () => {
  const report = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 };
  expect(vitestCounts(JSON.stringify(report))).toEqual({ passed: 5, failed: 4 });
});

test('G2 a flaky or left-out Playwright test counts as failed', () => {
  const report = { stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 1 } };
  expect(playwrightCounts(JSON.stringify(report))).toEqual({ passed: 3, failed: 3 });
});
