import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Status } from '../../shared/schemas.ts';
import type { Channel, Client, Ended } from './channel.ts';
import { Connection } from './connection.ts';

/** A gateway driven by the test: it pushes statuses, answers or hangs, and ends the channel. */
function fakeGateway() {
  const channels: {
    push: (s: Status) => void;
    end: (e: Ended) => void;
    answers: boolean;
    asked: number;
    closed: boolean;
  }[] = [];
  const open = (): Channel => {
    let end: (e: Ended) => void = () => {};
    const ended = new Promise<Ended>((resolve) => {
      end = resolve;
    });
    const waiting: ((r: IteratorResult<Status>) => void)[] = [];
    const queue: Status[] = [];
    const self = {
      push(s: Status) {
        const next = waiting.shift();
        if (next === undefined) queue.push(s);
        else next({ done: false, value: s });
      },
      end: (e: Ended) => end(e),
      answers: true,
      asked: 0,
      closed: false,
    };
    channels.push(self);
    const iterator = {
      next: (): Promise<IteratorResult<Status>> =>
        new Promise((resolve) => {
          const value = queue.shift();
          if (value === undefined) waiting.push(resolve);
          else resolve({ done: false, value });
        }),
      return: async () => ({ done: true as const, value: undefined }),
      [Symbol.asyncIterator]() {
        return iterator;
      },
    };
    const client = {
      watchStatus: async () => iterator,
      status: () => {
        self.asked++;
        return self.answers ? Promise.resolve(status(99)) : new Promise(() => {});
      },
    } as unknown as Client;
    return {
      client,
      ended,
      close() {
        self.closed = true;
      },
    };
  };
  return { open, channels };
}

const status = (now: number): Status => ({ now_us: now }) as Status;

describe('connection', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function start() {
    const gateway = fakeGateway();
    const connection = new Connection({ prepare: async () => {}, open: gateway.open, random: () => 1 });
    void connection.run();
    return { ...gateway, connection, pass: (ms: number) => vi.advanceTimersByTimeAsync(ms) };
  }

  it('U1 is live with the first status, not before', async () => {
    const { connection, channels, pass } = start();
    await pass(10);
    expect(connection.state().phase).toBe('connecting');
    channels[0]?.push(status(1));
    await pass(0);
    expect(connection.state()).toMatchObject({ phase: 'live', generation: 1, status: { now_us: 1 } });
  });

  it('U1 asks after a silence and stays live while the gateway answers', async () => {
    const { connection, channels, pass } = start();
    await pass(0);
    channels[0]?.push(status(1));
    await pass(4_001);
    expect(channels[0]?.asked).toBe(1);
    expect(connection.state()).toMatchObject({ phase: 'live', status: { now_us: 99 } });
  });

  it('U1 a gateway that hangs is lost within 9 s, closed, and tried again; the last status stays', async () => {
    const { connection, channels, pass } = start();
    await pass(0);
    channels[0]?.push(status(1));
    await pass(0);
    if (channels[0]) channels[0].answers = false;
    await pass(9_000);
    expect(connection.state()).toMatchObject({ phase: 'lost', status: { now_us: 1 } });
    expect(channels[0]?.closed).toBe(true);
    await pass(1_000);
    expect(channels).toHaveLength(2);
    channels[1]?.push(status(2));
    await pass(0);
    expect(connection.state()).toMatchObject({ phase: 'live', generation: 2, failures: 0 });
  });

  it('U1 backs off up to 10 s between attempts and hurries when asked', async () => {
    const attempts: number[] = [];
    const prepare = async (): Promise<void> => {
      attempts.push(Date.now());
      throw new Error('connection refused');
    };
    const connection = new Connection({ prepare, open: fakeGateway().open, random: () => 1 });
    void connection.run();
    await vi.advanceTimersByTimeAsync(45_000);
    const waits = attempts.slice(1).map((at, i) => at - (attempts[i] ?? 0));
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 10000, 10000]);
    connection.retryNow();
    await vi.advanceTimersByTimeAsync(0);
    expect(attempts).toHaveLength(9);
  });

  it('U2 without a session it waits for a person instead of knocking', async () => {
    const { connection, channels, pass } = start();
    await pass(0);
    channels[0]?.end('no-session');
    await pass(60_000);
    expect(connection.state().phase).toBe('refused');
    expect(channels).toHaveLength(1);
    connection.retryNow();
    await pass(0);
    expect(channels).toHaveLength(2);
  });

  it('U3 a call on a port that hangs fails after its deadline', async () => {
    const { connection, channels, pass } = start();
    await pass(0);
    channels[0]?.push(status(1));
    await pass(0);
    const call = connection.call(() => new Promise(() => {})).catch((e: unknown) => e);
    for (let i = 0; i < 16; i++) {
      channels[0]?.push(status(i));
      await pass(1_000);
    }
    expect(await call).toMatchObject({ code: 'gone', message: 'no answer within 15 s' });
    expect(connection.state().phase).toBe('live');
  });

  it('U3 calls and streams fail at once when the channel breaks, and are refused while it is away', async () => {
    const { connection, channels, pass } = start();
    await pass(0);
    channels[0]?.push(status(1));
    await pass(0);
    const call = connection.call(() => new Promise(() => {})).catch((e: unknown) => e);
    const never = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
    const stream = connection
      .stream(async () => never, new AbortController().signal)
      .next()
      .catch((e: unknown) => e);
    await pass(0);
    channels[0]?.end('broken');
    await pass(0);
    expect(await call).toMatchObject({ code: 'gone' });
    expect(await stream).toMatchObject({ code: 'gone' });
    await expect(connection.call(async () => 1)).rejects.toMatchObject({ code: 'gone' });
  });
});
