import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import Database from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import { MB } from '../../shared/units.ts';
import { ServedSite } from './served-site.ts';

const MIB = 2 ** 20;
const BODIES = 60;
const BODY_BYTES = 8 * MIB;
/** As many bodies as may wait for the disk. */
const MOST_WAITING = (64 * MIB) / BODY_BYTES;
/** What waits, the bodies that are being received or read away (128 MiB), and what the engine has not yet let go of. */
const MOST_GROWTH = 400 * MB;
/** Nearly all of a body is a comment: it weighs, and takes no time. */
const COMMENT = Buffer.alloc(BODY_BYTES - 100, '#');

let site: ServedSite;
const agent = new Agent({ keepAlive: true });
afterEach(async () => {
  agent.destroy();
  await site.end();
});

interface Answer {
  status: number | undefined;
  retryAfter: string | undefined;
}

/** The i-th reading. */
function send(i: number, comment: Buffer): Promise<Answer> {
  const head = Buffer.from(`flood v=${i} ${i + 1}\n`);
  const headers = { 'content-length': head.length + comment.length };
  return new Promise((resolve, reject) => {
    const url = `${site.started.ingest}/api/v2/write?precision=us`;
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      const { statusCode: status, headers } = answer;
      text(answer).then(() => resolve({ status, retryAfter: headers['retry-after'] }), reject);
    });
    sent.once('error', reject);
    sent.write(head);
    sent.end(comment);
  });
}

/** The most memory the gateway has ever had, bytes. */
function highestMemory(): number {
  const { pid } = JSON.parse(readFileSync(join(site.gateway.data, 'gateway.json'), 'utf8')) as { pid: number };
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_024;
}

it('ING20 however much is offered while the disk does not keep up: a bounded part waits, the rest is told to come back, and what was acknowledged is there after a power cut', {
  timeout: 120_000,
}, async () => {
  site = await ServedSite.start('');
  const before = highestMemory();
  // A disk on which no commit ends.
  const disk = new Database(join(site.gateway.data, 'tidemark.db'));
  disk.exec('begin immediate');
  const answers: Answer[] = [];
  const { promise: refused, resolve: allRefused } = Promise.withResolvers<void>();
  const stored = new Set<number>();
  const offer = async (i: number, comment = COMMENT): Promise<void> => {
    const answer = await send(i, comment);
    answers.push(answer);
    if (answer.status === 204) stored.add(i);
    if (answers.length === BODIES - MOST_WAITING) allRefused();
  };
  const all = Array.from({ length: BODIES }, (_, i) => i);
  const offered = Promise.all(all.map((i) => offer(i)));
  await refused;
  expect(answers.map(({ status }) => status)).toEqual(Array(answers.length).fill(503));
  disk.exec('rollback');
  disk.close();
  await offered;
  for (const { status, retryAfter } of answers)
    expect([status, retryAfter]).toEqual(
      status === 204 ? [204, undefined] : [503, expect.stringMatching(/^[1-9]\d*$/)],
    );
  expect(highestMemory() - before).toBeLessThan(MOST_GROWTH);

  await Promise.all(all.filter((i) => !stored.has(i)).map((i) => offer(i, Buffer.alloc(0))));
  expect(stored.size).toBe(BODIES);
  await site.gateway.kill();
  await site.start();
  const { points } = await site.raw('flood.v', 0, BODIES + 1);
  expect(points).toEqual(all.map((i) => [i + 1, i]));
});
