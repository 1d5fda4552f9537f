import { z } from 'zod';

export interface Counts {
  passed: number;
  failed: number;
  /** Names of the tests that failed or did not run, as the report says them. */
  names: string[];
}

const vitestReport = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  testResults: z.array(z.object({ assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })) })),
});

/** A test that did not run proves nothing: it counts as failed. */
export function vitestCounts(report: string): Counts {
  const { testResults, ...n } = vitestReport.parse(JSON.parse(report));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  return {
    passed: n.numPassedTests,
    failed: n.numFailedTests + n.numPendingTests + n.numTodoTests,
    names: tests.filter(({ status }) => status !== 'passed').map(({ fullName }) => fullName),
  };
}

interface PlaywrightSuite {
  specs: { title: string; ok: boolean }[];
  suites?: PlaywrightSuite[] | undefined;
}

const playwrightSuite: z.ZodType<PlaywrightSuite> = z.lazy(() =>
  z.object({
    specs: z.array(z.object({ title: z.string(), ok: z.boolean() })),
    suites: z.array(playwrightSuite).optional(),
  }),
);

const playwrightReport = z.object({
  stats: z.object({ expected: z.int(), unexpected: z.int(), flaky: z.int(), skipped: z.int() }),
  suites: z.array(playwrightSuite),
});

export function playwrightCounts(report: string): Counts {
  const { stats, suites } = playwrightReport.parse(JSON.parse(report));
  const { expected, unexpected, flaky, skipped } = stats;
  return { passed: expected, failed: unexpected + flaky + skipped, names: suites.flatMap(failedSpecs) };
}

function failedSpecs({ specs, suites = [] }: PlaywrightSuite): string[] {
  return [...specs.filter(({ ok }) => !ok).map(({ title }) => title), ...suites.flatMap(failedSpecs)];
}
