import { expect, test } from 'vitest';
import { playwrightCounts, vitestCounts } from './counts.ts';

test('G2 a vitest test that did not run counts as failed, by its name', () => {
  const assertionResults = [
    { status: 'passed', fullName: 'one' },
    { status: 'failed', fullName: 'two', failureMessages: ['\u001b[31mexpected 1\u001b[39m\n  to be 2'] },
    { status: 'pending', fullName: 'three' },
  ];
  const counts = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 };
  const report = { ...counts, testResults: [{ assertionResults }] };
  expect(vitestCounts(JSON.stringify(report))).toEqual({
    passed: 5,
    failed: 4,
    names: ['two (expected 1 to be 2)', 'three'],
  });
});

test('G2 a flaky or left-out Playwright test counts as failed, by its name', () => {
  const late = { results: [{ error: { message: 'too\nlate' } }, {}] };
  const suites = [
    {
      specs: [{ title: 'one', ok: true, tests: [] }],
      suites: [{ specs: [{ title: 'two', ok: false, tests: [late] }] }],
    },
    { specs: [{ title: 'three', ok: false, tests: [] }] },
  ];
  const report = { stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 1 }, suites };
  expect(playwrightCounts(JSON.stringify(report))).toEqual({
    passed: 3,
    failed: 3,
    names: ['two (too late)', 'three'],
  });
});
