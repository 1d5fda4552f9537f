import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { contract } from '../../../shared/contract.ts';
import type { QueryUpdate } from '../../../shared/schemas.ts';
import { createRouters, type Services } from '../../api.ts';
import { serveRpc } from './rpc.ts';

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const LARGE = Buffer.alloc(300_000).toString('base64');

let server: Server;
let rpc: ReturnType<typeof serveRpc>;
let socket: WebSocket;
let client: ContractRouterClient<typeof contract>;
/** Answers that streams were asked for, and streams that ended, whatever ended them. */
let made = 0;
let ended = 0;

/** A large answer that sharpens without end: `cold.requests` counts. */
async function* sharpening(signal: AbortSignal | undefined): AsyncGenerator<QueryUpdate> {
  try {
    for (let n = 1; signal?.aborted !== true; n++) {
      made++;
      const columns = { t: LARGE, min: '', max: '', mean: '', first: '', last: '', count: '' };
      const cold = { bytes: 0, total_bytes: 0, requests: n };
      const update = {
        series: 'a.b',
        unit: '',
        from: 0,
        to: 1,
        raw: false,
        coarse: false,
        coverage: [],
        cold,
        columns,
      };
      yield { ...update, done: false };
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    ended++;
  }
}

beforeEach(async () => {
  [made, ended] = [0, 0];
  const services = { watchQuery: (_: unknown, signal: AbortSignal | undefined) => sharpening(signal) };
  const { router } = createRouters(services as unknown as Services);
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  rpc = serveRpc({ server, router, allowed: () => true, hasSession: () => true, log });
  socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/rpc`);
  await once(socket, 'open');
  client = createORPCClient(new RPCLink({ websocket: socket as never }));
});
afterEach(async () => {
  socket.terminate();
  rpc.close();
  await new Promise((resolve) => server.close(resolve));
});

const watch = () => client.watchQuery({ series: 'a.b', from: 0, to: 1, points: 10_000 });
type Stream = Awaited<ReturnType<typeof watch>>;
/** The count of the next answer. */
async function next(stream: Stream): Promise<number> {
  const step = await stream.next();
  if (step.done === true) throw new Error('the stream ended');
  return step.value.cold.requests;
}

/** Answers made, once no more are. */
async function settled(): Promise<number> {
  for (let before = -1; before !== made; ) {
    before = made;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return made;
}

describe('Q15 streams of a client that does not read', () => {
  it('Q15 make one answer each, go on from the newest when it reads again, and end with it', async () => {
    const streams = await Promise.all(Array.from({ length: 8 }, watch));
    for (const stream of streams) expect(await next(stream)).toBe(1);
    socket.pause();
    const unread = await settled();
    // What the two kernels and sockets hold is a few MB of the gigabyte that would be made in this time.
    expect(unread).toBeLessThan(100);
    socket.resume();
    const [stream] = streams;
    const seen: number[] = [];
    while (seen.length < 40) seen.push(await next(stream!));
    expect(seen).toEqual(Array.from(seen, (_, i) => (seen[0] ?? 0) + i));
    socket.pause();
    await settled();
    socket.terminate();
    await expect.poll(() => ended, { timeout: 10_000 }).toBe(8);
  });

  it('Q15 beyond 32 are refused by name, and one that ended makes room', async () => {
    const streams = await Promise.all(Array.from({ length: 32 }, watch));
    for (const stream of streams) await stream.next();
    const refused = await watch();
    await expect(refused.next()).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: 'this connection has 32 streams open already',
    });
    await streams[0]?.return(undefined);
    await expect.poll(() => ended).toBe(1);
    expect(await next(await watch())).toBe(1);
  });
});
