import { expect, test } from 'vitest';
import { playwrightCounts, vitestCounts } from './counts.ts';

test('G2 a vitest test that did not run counts as failed, by its name', () => {
  const assertionResults = [
    { status: 'passed', fullName: 'one' },
    { status: 'failed', fullName: 'two' },
    { status: 'pending', fullName: 'three' },
  ];
  const counts = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 };
  const report = { ...counts, testResults: [{ assertionResults }] };
  expect(vitestCounts(JSON.stringify(report))).toEqual({ passed: 5, failed: 4, names: ['two', 'three'] });
});

test('G2 a flaky or left-out Playwright test counts as failed, by its name', () => {
  const suites = [
    { specs: [{ title: 'one', ok: true }], suites: [{ specs: [{ title: 'two', ok: false }] }] },
    { specs: [{ title: 'three', ok: false }] },
  ];
  const report = { stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 1 }, suites };
  expect(playwrightCounts(JSON.stringify(report))).toEqual({ passed: 3, failed: 3, names: ['two', 'three'] });
});
