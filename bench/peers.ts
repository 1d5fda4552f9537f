import { join } from 'node:path';
import { folderBytes, settled } from './lib/files.ts';
import { startInfluxDb } from './lib/influxdb.ts';
import { compared, type Measure } from './lib/measure.ts';
import { OWN, packagedRecordings, type Recording } from './lib/recordings.ts';
import { scratchFolder } from './lib/scratch.ts';
import { type PeerSizes, peerSizes } from './lib/sizes.ts';
import { type Stored, storeRecording } from './lib/stored.ts';
import { SYNTHETIC } from './lib/synthetic.ts';
import { startVictoriaMetrics } from './lib/victoria-metrics.ts';

/** VictoriaMetrics has merged when nothing changed for so long. */
const MERGED_MS = 1_500;

/** Bytes that the same recording takes elsewhere; undefined where the peer could not be had. */
interface Elsewhere {
  columns: PeerSizes | undefined;
  victoriaMetrics: number | undefined;
  influxDb: number | undefined;
}

/** Bytes a reading of real and synthetic recordings, on the disk and in the bucket, beside what the same readings take in other systems. */
export async function peers(): Promise<Measure[]> {
  const scratch = scratchFolder();
  try {
    const recordings = [...Object.values(OWN), ...packagedRecordings(), ...SYNTHETIC];
    const influxDb = await inInfluxDb(join(scratch.folder, 'influxdb'), recordings);
    const measures: Measure[] = [];
    for (const [i, recording] of recordings.entries()) {
      const folder = join(scratch.folder, `${i}`);
      let columns: PeerSizes | undefined;
      const ours = await storeRecording(join(folder, 'data'), recording.bodies(), (days) => {
        columns = peerSizes(days, join(folder, 'columns'));
      });
      const victoriaMetrics = await inVictoriaMetrics(join(folder, 'victoria-metrics'), recording);
      measures.push(...rows(recording.name, ours, { columns, victoriaMetrics, influxDb: influxDb?.[i] }));
    }
    return measures;
  } finally {
    scratch.remove();
  }
}

function rows(recording: string, ours: Stored, { columns, victoriaMetrics, influxDb }: Elsewhere): Measure[] {
  const each = (where: string, baseline: string, subject: number, elsewhere: number | undefined): Measure[] =>
    elsewhere === undefined
      ? []
      : [
          compared(
            {
              name: `${recording}, ${where}`,
              unit: 'B/reading',
              baseline,
              aim: { of: 'ratio', op: '<=', limit: 1 },
            },
            [{ subject: subject / ours.readings, baseline: elsewhere / ours.readings }],
          ),
        ];
  return [
    ...each('bucket', 'pcodec, bare columns', ours.objects, columns?.pcodec),
    ...each('bucket', 'Parquet, zstd-9', ours.objects, columns?.parquet),
    ...each('disk', 'VictoriaMetrics', ours.disk, victoriaMetrics),
    ...each('disk', 'InfluxDB 1.6', ours.disk, influxDb),
  ];
}

/** Its data files once all is merged and it has ended; its index of series is not counted. */
async function inVictoriaMetrics(folder: string, recording: Recording): Promise<number | undefined> {
  const server = await startVictoriaMetrics(folder, 1);
  if (server === undefined) return undefined;
  try {
    for await (const { body } of recording.bodies()) await server.clients.post(Buffer.from(body));
    // It merges when it is asked to, in the background.
    for (const path of ['/internal/force_flush', '/internal/force_merge']) await fetch(server.url + path);
    await settled(folder, MERGED_MS);
  } finally {
    await server.close('SIGTERM');
  }
  return folderBytes(join(folder, 'data'));
}

async function inInfluxDb(folder: string, recordings: readonly Recording[]): Promise<number[] | undefined> {
  const server = await startInfluxDb(folder);
  if (server === undefined) return undefined;
  try {
    const databases = recordings.map((_, i) => `r${i}`);
    for (const [i, recording] of recordings.entries()) await server.write(databases[i] ?? '', recording.bodies());
    return await server.sizes(databases);
  } finally {
    await server.close();
  }
}
