import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { systemClock as clock } from '../adapters/system-clock.ts';
import { type CommitGroup, createGroupCommit, type GroupCommit } from '../ingest/group-commit.ts';
import { createIngestServer, type Gate, type IngestServer, type IngestServerOptions } from '../ingest/http.ts';
import { createIngestor } from '../ingest/ingestor.ts';
import { toEnd } from '../ingest/steps.ts';
import { Store } from '../store/store.ts';

/** The real ingest server over a real store on disk, on a free port. Every part may be looked at and changed by the test. */
export class IngestSite {
  readonly #dir = mkdtempSync(join(tmpdir(), 'tidemark-ingest-'));
  readonly store: Store;
  readonly group: GroupCommit;
  readonly server: IngestServer;
  base = '';
  port = 0;
  gate: Gate | undefined;
  readonly logged: string[] = [];
  /** Between the server and the store: by default it commits at once. */
  commit: CommitGroup;
  submitted: (bytes: number) => void = () => {};

  private constructor(o: Partial<IngestServerOptions>, maxSeries: number) {
    this.store = new Store({ path: join(this.#dir, 'tidemark.db'), maxSeries, nowUs: clock.nowUs() });
    const ingestor = createIngestor(this.store);
    this.commit = async (requests, receivedUs) => toEnd(ingestor.ingest(requests, receivedUs));
    this.group = createGroupCommit({ commit: (requests, t) => this.commit(requests, t), clock, lingerMs: 5 });
    const submit: GroupCommit['submit'] = (request) => {
      this.submitted(request.body.byteLength);
      return this.group.submit(request);
    };
    const error = (fields: object, message: string): void =>
      void this.logged.push(`${message} ${JSON.stringify(fields)}`);
    const log = { debug: () => {}, info: () => {}, warn: () => {}, error };
    this.server = createIngestServer({ submit, clock, log, version: '1.2.3', tokens: [], gate: () => this.gate, ...o });
  }

  static async start(o: Partial<IngestServerOptions> = {}, maxSeries = 200_000): Promise<IngestSite> {
    const site = new IngestSite(o, maxSeries);
    site.port = (await site.server.listen('127.0.0.1', 0)).port;
    site.base = `http://127.0.0.1:${site.port}`;
    return site;
  }

  async stop(): Promise<void> {
    await this.server.close(2_000);
    await this.group.close();
    this.store.close();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  post(path: string, body?: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.base + path, { method: 'POST', headers, ...(body === undefined ? {} : { body }) });
  }

  /** All readings the store has of a series, as [t, v]. */
  stored(key: string): [number, number][] {
    const { runs, missing } = this.store.runs(
      key,
      -Number.MAX_SAFE_INTEGER,
      Number.MAX_SAFE_INTEGER,
      new Map(),
      new Set(),
    );
    expect(missing).toEqual([]);
    return runs.flatMap(({ t, v }) => Array.from(t, (time, i): [number, number] => [time, v[i] ?? 0]));
  }
}

export const gzipped = { 'content-encoding': 'gzip' };

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

export async function errorOf(
  response: Response,
): Promise<{ status: number; code: unknown; message: unknown; body: Record<string, unknown> }> {
  const body = (await response.json()) as Record<string, unknown>;
  expect(response.headers.get('content-type')).toContain('application/json');
  expect(response.headers.get('x-influxdb-error')).not.toBe(null);
  return { status: response.status, code: body.code, message: body.message, body };
}
