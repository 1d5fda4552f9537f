import { beforeEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { createGroupCommit, type GroupCommit } from './group-commit.ts';
import type { IngestRequest, IngestResult } from './types.ts';

/** Time passes and commits end only when the test says so. */
class Bench {
  readonly clock = createManualClock(0);
  readonly commits: { requests: IngestRequest[]; receivedUs: number; end(): void; fail(error: Error): void }[] = [];

  readonly commit = (requests: IngestRequest[], receivedUs: number): Promise<IngestResult[]> =>
    new Promise((resolve, reject) => {
      const end = (): void => resolve(requests.map(({ body }) => resultOf(body.length)));
      this.commits.push({ requests, receivedUs, end, fail: reject });
    });

  pass(ms: number): void {
    this.clock.advance(ms);
  }
}

const resultOf = (accepted: number): IngestResult => ({ accepted, refusals: [], refused: 0, floored: 0, rounded: 0 });
const request = (bytes: number): IngestRequest => ({ format: 'line', body: new Uint8Array(bytes), precision: 'ns' });
const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};
const codeOf = (p: Promise<unknown>): Promise<unknown> =>
  p.then(
    () => 'resolved',
    (e: { code: unknown; retry: unknown }) => `${e.code} ${e.retry}`,
  );

let bench: Bench;
let group: GroupCommit;
const start = (lingerMs: number): void => {
  bench = new Bench();
  group = createGroupCommit({ commit: bench.commit, clock: bench.clock, lingerMs });
};
beforeEach(() => start(100));

describe('group commit', () => {
  it('ING6 lets small requests of one linger time share a commit, and gives each its own result', async () => {
    const a = group.submit(request(10));
    bench.pass(60);
    const b = group.submit(request(20));
    bench.pass(39);
    expect(bench.commits).toHaveLength(0);
    bench.pass(1);
    expect(bench.commits.map((c) => c.requests.length)).toEqual([2]);
    expect(bench.commits[0]!.receivedUs).toBe(100_000);
    bench.commits[0]!.end();
    expect(await Promise.all([a, b])).toEqual([resultOf(10), resultOf(20)]);
  });

  it('ING6 sends at once when 64 KiB wait, or without lingering', () => {
    void group.submit(request(40_000));
    expect(bench.commits).toHaveLength(0);
    void group.submit(request(30_000));
    expect(bench.commits.map((c) => c.requests.length)).toEqual([2]);
    start(0);
    void group.submit(request(1));
    expect(bench.commits).toHaveLength(1);
  });

  it('ING6 has one group in flight and one that gathers, whose linger time runs meanwhile', async () => {
    void group.submit(request(70_000));
    void group.submit(request(70_000));
    void group.submit(request(1));
    expect(bench.commits).toHaveLength(1);
    bench.commits[0]!.end();
    await settle();
    expect(bench.commits.map((c) => c.requests.length)).toEqual([1, 2]);
    void group.submit(request(2));
    bench.pass(100);
    expect(bench.commits).toHaveLength(2);
    bench.commits[1]!.end();
    await settle();
    expect(bench.commits.map((c) => c.requests.length)).toEqual([1, 2, 1]);
  });

  it('ING6 keeps a group under 8 MiB and sends the rest next, in order', async () => {
    void group.submit(request(70_000));
    const sizes = [5_000_000, 5_000_000, 20_000_000, 1];
    for (const size of sizes) void group.submit(request(size));
    for (let i = 0; i < 5; i++) {
      bench.commits[i]?.end();
      await settle();
    }
    expect(bench.commits.slice(1).flatMap((c) => c.requests.map((r) => r.body.length))).toEqual(sizes);
    expect(bench.commits).toHaveLength(5);
  });

  it('ING7 refuses what does not fit into 64 MiB of waiting bodies, and takes on when there is room', async () => {
    const waiting = [group.submit(request(32 * 2 ** 20)), group.submit(request(32 * 2 ** 20))];
    expect(await codeOf(group.submit(request(1)))).toBe('ingest-queue-full later');
    bench.commits[0]!.end();
    await waiting[0];
    const more = group.submit(request(1));
    await settle();
    bench.commits[1]!.end();
    await settle();
    bench.pass(100);
    bench.commits[2]!.end();
    expect(await more).toEqual(resultOf(1));
  });

  it('ING7 rejects a group whose commit failed as retryable, and tries the next one', async () => {
    const first = codeOf(group.submit(request(70_000)));
    const second = codeOf(group.submit(request(70_000)));
    bench.commits[0]!.fail(new Error('disk full'));
    expect(await first).toBe('ingest-failed later');
    bench.commits[1]!.end();
    expect(await second).toBe('resolved');
  });

  it('ING7 rejects everything that waits when the writer is gone', async () => {
    const all = [70_000, 70_000, 1].map((size) => codeOf(group.submit(request(size))));
    bench.commits[0]!.fail(new Error('the storage thread has ended'));
    await settle();
    bench.commits[1]!.fail(new Error('the storage thread has ended'));
    expect(await Promise.all(all)).toEqual(Array(3).fill('ingest-failed later'));
  });

  it('ING6 commits what waits when it closes, without lingering, and takes nothing more', async () => {
    const first = group.submit(request(70_000));
    const second = group.submit(request(1));
    let closed = false;
    const close = group.close().then(() => {
      closed = true;
    });
    expect(await codeOf(group.submit(request(1)))).toBe('ingest-closing later');
    bench.commits[0]!.end();
    await first;
    await settle();
    expect(closed).toBe(false);
    bench.commits[1]!.end();
    await second;
    await close;
  });
});
