import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';

export interface Counts {
  passed: number;
  failed: number;
  /** Names of the tests that failed or did not run, as the report says them, each with the begin of its first error. */
  names: string[];
}

const vitestReport = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  testResults: z.array(
    z.object({
      assertionResults: z.array(
        z.object({ status: z.string(), fullName: z.string(), failureMessages: z.array(z.string()).optional() }),
      ),
    }),
  ),
});

/** A name with the first 400 characters of what went wrong, on one line. */
function withError(name: string, messages: readonly (string | undefined)[]): string {
  const said = stripVTControlCharacters(messages.find((message) => message !== undefined) ?? '').replace(/\s+/g, ' ');
  return said === '' ? name : `${name} (${said.slice(0, 400)})`;
}

/** A test that did not run proves nothing: it counts as failed. */
export function vitestCounts(report: string): Counts {
  const { testResults, ...n } = vitestReport.parse(JSON.parse(report));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  return {
    passed: n.numPassedTests,
    failed: n.numFailedTests + n.numPendingTests + n.numTodoTests,
    names: tests
      .filter(({ status }) => status !== 'passed')
      .map(({ fullName, failureMessages = [] }) => withError(fullName, failureMessages)),
  };
}

const playwrightSpec = z.object({
  title: z.string(),
  ok: z.boolean(),
  tests: z.array(
    z.object({ results: z.array(z.object({ error: z.object({ message: z.string().optional() }).optional() })) }),
  ),
});

interface PlaywrightSuite {
  specs: z.infer<typeof playwrightSpec>[];
  suites?: PlaywrightSuite[] | undefined;
}

const playwrightSuite: z.ZodType<PlaywrightSuite> = z.lazy(() =>
  z.object({
    specs: z.array(playwrightSpec),
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
  const failed = specs
    .filter(({ ok }) => !ok)
    .map(({ title, tests }) =>
      withError(
        title,
        tests.flatMap(({ results }) => results.map((r) => r.error?.message)),
      ),
    );
  return [...failed, ...suites.flatMap(failedSpecs)];
}
