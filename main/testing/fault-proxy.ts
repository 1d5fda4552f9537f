import { once } from 'node:events';
import http from 'node:http';
import type { Socket } from 'node:net';
import { freePort } from './minio-server.ts';

/** What the gateway asks of the archive, by what it is for. `owner` is any call about the owner mark. */
export type CallKind =
  | 'probe'
  | 'owner'
  | 'put'
  | 'create'
  | 'part'
  | 'list-parts'
  | 'complete'
  | 'abort'
  | 'head'
  | 'get'
  | 'other';

/** What the test does to one call. Cuts are resets in the middle of the bytes, as a lost link gives them. */
export type Fault =
  /** The call never reaches the archive. */
  | { do: 'reset' }
  /** So many bytes of the request's body reach the archive. */
  | { do: 'cut-request'; after: number }
  /** The archive does it all; nobody hears of it. */
  | { do: 'lose-answer' }
  /** The answer's header and so many bytes of its body arrive. */
  | { do: 'cut-answer'; after: number }
  /** Waits, silent, until the promise resolves; then goes on as if nothing had been. */
  | { do: 'hold'; until: Promise<void> }
  /** Something else answers in the archive's place. */
  | { do: 'answer'; status: number; headers?: Record<string, string>; body?: string };

export interface SeenCall {
  kind: CallKind;
  /** Decoded, without the bucket. */
  key: string;
  part: number | undefined;
  /** Bytes of the request's body that came from the gateway. */
  received: number;
  /** Of the archive's answer; undefined when there was none. */
  status: number | undefined;
}

interface Rule {
  kind: CallKind | 'any';
  fault: Fault;
  /** Part of the keys that it is for. */
  key: string;
  /** Calls it still applies to. */
  left: number;
  hit: () => void;
}

/**
 * The link between a gateway and MinIO, in the hands of a test: each call is passed on byte for byte, unless the test has ordered a fault for its
 * kind. Nothing happens by time.
 */
export class FaultProxy {
  readonly seen: SeenCall[] = [];
  readonly endpoint: string;
  readonly #port: number;
  readonly #target: URL;
  #rules: Rule[] = [];
  #server: http.Server | undefined;
  readonly #sockets = new Set<Socket>();

  private constructor(port: number, target: string) {
    this.#port = port;
    this.#target = new URL(target);
    this.endpoint = `http://127.0.0.1:${port}`;
  }

  static async start(target: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(await freePort(), target);
    await proxy.online();
    return proxy;
  }

  /** Orders a fault for the next calls of a kind (1 unless said otherwise; Infinity until `heal`), those about keys with `key` in them only; resolves when the first of them is hit. */
  next(kind: CallKind | 'any', fault: Fault, times = 1, key = ''): Promise<void> {
    return new Promise((hit) => {
      this.#rules.push({ kind, fault, key, left: times, hit });
    });
  }

  /** Forgets the faults that were ordered and did not come. */
  heal(): void {
    this.#rules = [];
  }

  /** Calls of a kind since `from` (an earlier `seen.length`). */
  calls(kind: CallKind, from = 0): SeenCall[] {
    return this.seen.slice(from).filter((call) => call.kind === kind);
  }

  /** The cable is pulled: what is on its way breaks, nothing new connects. */
  async offline(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await closed;
  }

  async online(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = http.createServer((request, response) => this.#pass(request, response));
    // A reset in the middle of a request is what a broken link looks like, not a fault of this server.
    server.on('clientError', (_, socket) => socket.destroy());
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#server = server;
  }

  #pass(request: http.IncomingMessage, response: http.ServerResponse): void {
    const call = callOf(request);
    this.seen.push(call);
    const rule = this.#rules.find(
      (r) => (r.kind === call.kind || r.kind === 'any') && call.key.includes(r.key) && r.left > 0,
    );
    if (rule === undefined) {
      this.#forward(request, response, call, undefined);
      return;
    }
    rule.left--;
    rule.hit();
    const { fault } = rule;
    if (fault.do === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    if (fault.do === 'answer') {
      request.resume();
      response.writeHead(fault.status, fault.headers).end(call.kind === 'head' ? undefined : fault.body);
      return;
    }
    if (fault.do === 'hold') {
      void fault.until.then(() => {
        if (!request.destroyed) this.#forward(request, response, call, undefined);
      });
      return;
    }
    this.#forward(request, response, call, fault);
  }

  #forward(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    call: SeenCall,
    fault: Exclude<Fault, { do: 'reset' | 'answer' | 'hold' }> | undefined,
  ): void {
    const breakLink = (): void => {
      upstream.destroy();
      request.socket.resetAndDestroy();
    };
    const upstream = http.request({
      host: this.#target.hostname,
      port: this.#target.port,
      method: request.method,
      path: request.url,
      // Host too: it is part of what was signed.
      headers: request.headers,
      agent: false,
    });
    upstream.on('error', () => request.socket.resetAndDestroy());
    response.once('close', () => {
      if (!response.writableFinished) upstream.destroy();
    });
    let sent = 0;
    request.on('data', (piece: Buffer) => {
      call.received += piece.length;
      const room = fault?.do === 'cut-request' ? fault.after - sent : Number.POSITIVE_INFINITY;
      if (piece.length < room) {
        sent += piece.length;
        if (!upstream.write(piece)) {
          request.pause();
          upstream.once('drain', () => request.resume());
        }
        return;
      }
      request.pause();
      upstream.write(piece.subarray(0, room), breakLink);
    });
    request.on('end', () => upstream.end());
    upstream.on('response', (answer) => {
      call.status = answer.statusCode;
      if (fault?.do === 'lose-answer') {
        answer.resume();
        answer.once('end', breakLink);
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      if (fault?.do !== 'cut-answer') {
        answer.pipe(response);
        return;
      }
      let passed = 0;
      answer.on('data', (piece: Buffer) => {
        const part = piece.subarray(0, fault.after - passed);
        passed += part.length;
        response.write(part);
        if (passed >= fault.after) breakLink();
      });
    });
  }
}

function callOf(request: http.IncomingMessage): SeenCall {
  const url = new URL(request.url ?? '/', 'http://archive');
  const key = decodeURIComponent(url.pathname).split('/').slice(2).join('/');
  const part = url.searchParams.get('partNumber');
  return {
    kind: kindOf(request.method ?? 'GET', key, url.searchParams),
    key,
    part: part === null ? undefined : Number(part),
    received: 0,
    status: undefined,
  };
}

function kindOf(method: string, key: string, query: URLSearchParams): CallKind {
  if (query.has('location')) return 'probe';
  if (key.endsWith('/owner')) return 'owner';
  if (query.has('uploads')) return 'create';
  if (query.has('uploadId')) {
    if (method === 'PUT') return 'part';
    if (method === 'POST') return 'complete';
    return method === 'DELETE' ? 'abort' : 'list-parts';
  }
  if (key === '') return 'other';
  return method === 'PUT' ? 'put' : method === 'HEAD' ? 'head' : method === 'GET' ? 'get' : 'other';
}
