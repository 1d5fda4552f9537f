import { messageOf, TidemarkError } from '../../shared/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { IngestRequest, IngestResult } from './types.ts';

/** A group with this many body bytes waits no longer. */
const FULL_GROUP_BYTES = 64 * 1024;
/** A group takes no further request once it has this many, so that the writer thread is never busy for long. */
const MAX_GROUP_BYTES = 8 * 1024 * 1024;
/** Bodies waiting, the group in flight included. */
const MAX_QUEUE_BYTES = 64 * 1024 * 1024;

export interface GroupCommit {
  /**
   * Resolves once the request's readings are committed. Rejects with 'ingest-queue-full', 'ingest-closing' or the writer's fault,
   * always to be retried: nothing was committed or nothing is known, and a reading that is sent again replaces itself.
   */
  submit(request: IngestRequest): Promise<IngestResult>;
  /** Commits what waits, without lingering, and takes nothing more. Resolves when the last group has ended. */
  close(): Promise<void>;
}

interface Waiting {
  request: IngestRequest;
  resolve(result: IngestResult): void;
  reject(error: TidemarkError): void;
}

/** Sends one group to the writer; the same order of results as of requests. */
export type CommitGroup = (requests: IngestRequest[], receivedUs: number) => Promise<IngestResult[]>;

/**
 * Lets concurrent requests share one FULL commit: one group is in flight, one gathers. The gathering one is sent when the writer is
 * free and it either holds 64 KiB or its first request has waited `lingerMs` (0: at once).
 */
export function createGroupCommit(o: { commit: CommitGroup; clock: Clock; lingerMs: number }): GroupCommit {
  const queue: Waiting[] = [];
  let queuedBytes = 0;
  let heldBytes = 0;
  let due = false;
  let cancelTimer: (() => void) | undefined;
  let flight: Promise<void> | undefined;
  let closing = false;

  const wake = (): void => {
    if (queue.length === 0) return;
    if (!due && !closing && o.lingerMs > 0 && queuedBytes < FULL_GROUP_BYTES) {
      cancelTimer ??= o.clock.after(o.lingerMs, () => {
        cancelTimer = undefined;
        due = true;
        wake();
      });
    } else if (flight === undefined) {
      flight = send(takeGroup()).finally(() => {
        flight = undefined;
        wake();
      });
    }
  };

  const takeGroup = (): Waiting[] => {
    let bytes = 0;
    let length = 0;
    for (const { request } of queue) {
      if (length > 0 && bytes + request.body.byteLength > MAX_GROUP_BYTES) break;
      bytes += request.body.byteLength;
      length++;
    }
    queuedBytes -= bytes;
    cancelTimer?.();
    cancelTimer = undefined;
    const group = queue.splice(0, length);
    // What is left has waited while a full group was taken: it goes next.
    due = queue.length > 0;
    return group;
  };

  const send = async (group: Waiting[]): Promise<void> => {
    const bytes = group.reduce((sum, { request }) => sum + request.body.byteLength, 0);
    try {
      const results = await o.commit(
        group.map(({ request }) => request),
        o.clock.nowUs(),
      );
      group.forEach(({ resolve, reject }, i) => {
        const result = results[i];
        if (result === undefined) reject(failed('the writer gave no result'));
        else resolve(result);
      });
    } catch (error) {
      const reason =
        error instanceof TidemarkError && error.retry !== 'never' ? error : failed(messageOf(error), error);
      for (const { reject } of group) reject(reason);
    } finally {
      heldBytes -= bytes;
    }
  };

  return {
    submit(request) {
      if (closing) return Promise.reject(unavailable('ingest-closing', 'the gateway is shutting down'));
      const bytes = request.body.byteLength;
      if (heldBytes + bytes > MAX_QUEUE_BYTES && heldBytes > 0) {
        return Promise.reject(unavailable('ingest-queue-full', 'too many readings wait for the disk'));
      }
      heldBytes += bytes;
      queuedBytes += bytes;
      return new Promise<IngestResult>((resolve, reject) => {
        queue.push({ request, resolve, reject });
        wake();
      });
    },
    async close() {
      closing = true;
      wake();
      while (flight !== undefined) await flight;
    },
  };
}

const failed = (reason: string, cause?: unknown): TidemarkError =>
  unavailable('ingest-failed', `the readings could not be committed: ${reason}`, cause);

const unavailable = (code: string, message: string, cause?: unknown): TidemarkError =>
  new TidemarkError(code, message, { retry: 'later', blame: 'gateway', action: 'send the same readings again', cause });
