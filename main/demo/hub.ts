import { z } from 'zod';
import { messageOf } from '../../shared/errors.ts';
import { DAY_US, MINUTE_US, SECOND_US } from '../../shared/units.ts';
import type { IngestRequest, IngestResult } from '../ingest/types.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Remote } from '../store/remote.ts';
import type { WriterApi } from '../writer-api.ts';
import { pumpLine } from './pump.ts';
import { loadRecording, replay } from './recording.ts';

/** How far back each source goes at the first start: months are older than 30 days, so that there is something to move. */
const SOURCES = [
  { file: 'machine_temperature_system_failure.csv', depthDays: 78 },
  { file: 'ambient_temperature_system_failure.csv', depthDays: 300 },
  { file: 'surfrad-slv16001.dat', depthDays: 60 },
] as const;
const PUMP_DEPTH_DAYS = 45;
const BODY_LINES = 5_000;
const LIVE_MS = 1_000;

const memory = z.object({ anchorUs: z.number(), untilUs: z.number() });

export interface DemoHubOptions {
  writer: Remote<WriterApi>;
  /** As live readings go: counted by the meter. */
  commit(requests: IngestRequest[], receivedUs: number): Promise<IngestResult[]>;
  clock: Clock;
  log: Log;
  /** The bytes of a recording that ships with the product. */
  openRecording(file: string): AsyncIterable<Buffer>;
}

function request(lines: readonly string[]): IngestRequest {
  return { format: 'line', body: Buffer.from(lines.join('\n')), precision: 'us' };
}

/**
 * The demo site's readings: real recordings, shifted so that they end now and repeated back, and a simulated pump that reports each second. Seeds at the first
 * start, fills the gap since the last stop at later ones (at most the depth of the first).
 */
export async function startDemoHub(o: DemoHubOptions): Promise<{ stop(): void }> {
  const nowUs = o.clock.nowUs();
  const known = memory.safeParse(JSON.parse((await o.writer.getState('demo')) ?? 'null'));
  const anchorUs = known.success ? known.data.anchorUs : nowUs;
  const since = (depthDays: number): number =>
    Math.max(known.success ? known.data.untilUs : 0, nowUs - depthDays * DAY_US);
  const recordings = await Promise.all(
    SOURCES.map(async (s) => ({ ...s, recording: await loadRecording(s.file, o.openRecording) })),
  );

  async function seed(lines: Iterable<string>): Promise<void> {
    let body: string[] = [];
    const send = async (): Promise<void> => {
      if (body.length > 0) await o.writer.ingest([request(body)], nowUs - 3 * 60 * MINUTE_US);
      body = [];
    };
    for (const line of lines) if (body.push(line) === BODY_LINES) await send();
    await send();
  }
  function* pumpHistory(): Generator<string> {
    for (let t = Math.ceil(since(PUMP_DEPTH_DAYS) / MINUTE_US) * MINUTE_US; t < nowUs; t += MINUTE_US)
      yield pumpLine(t);
  }
  for (const { recording, depthDays } of recordings) await seed(replay(recording, anchorUs, since(depthDays), nowUs));
  await seed(pumpHistory());
  await o.writer.setState('demo', JSON.stringify({ anchorUs, untilUs: nowUs }));

  let untilUs = nowUs;
  let stopped = false;
  const live = async (): Promise<void> => {
    const toUs = o.clock.nowUs();
    try {
      const lines = recordings.flatMap(({ recording }) => [...replay(recording, anchorUs, untilUs, toUs)]);
      await o.commit([request([...lines, pumpLine(Math.floor(toUs / SECOND_US) * SECOND_US)])], toUs);
      untilUs = toUs;
      await o.writer.setState('demo', JSON.stringify({ anchorUs, untilUs }));
    } catch (error) {
      o.log.warn({ error: messageOf(error) }, 'the demo hub could not write');
    }
    if (!stopped) o.clock.after(LIVE_MS, () => void live());
  };
  void live();
  return {
    stop() {
      stopped = true;
    },
  };
}
