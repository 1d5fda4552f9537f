import { join } from 'node:path';
import { codecSpeed } from './lib/codec-speed.ts';
import { compared, type Measure } from './lib/measure.ts';
import { OWN } from './lib/recordings.ts';
import { memoryFolder } from './lib/scratch.ts';
import { type PeerSizes, peerSizes } from './lib/sizes.ts';
import { storeRecording } from './lib/stored.ts';

/** What pcodec 1.0.0 takes for bare values and timestamps over the same days, bytes a reading: used where pcodec cannot be had (1.1.0 takes 0.595 for SURFRAD). */
const PCODEC = [
  { recording: OWN.machine, bytes: 4.26, aim: 1 },
  { recording: OWN.ambient, bytes: 8.19, aim: 1 },
  { recording: OWN.surfrad, bytes: 0.573, aim: 0.85 },
] as const;

/** Two lengths: half a day at 1 Hz, and a day at a reading a minute, where what each column costs counts. */
const SPEEDS = [
  { name: 'columns of 40,000', steps: 40_000, stepUs: 1_000_000, bar: { of: 'ratio', op: '>=', limit: 1 } },
  { name: 'columns of 1,440', steps: 1_440, stepUs: 60_000_000 },
] as const;

/** Bytes in the bucket of real recordings, and speed on one core. */
export async function codec({ quick }: { quick: boolean }): Promise<Measure[]> {
  const sizes: Measure[] = [];
  for (const each of PCODEC) sizes.push(...(await sizesOf(each, !quick)));
  return [
    ...sizes,
    ...SPEEDS.flatMap((each) => codecSpeed({ ...each, aim: { of: 'ratio', op: '>=', limit: 'bar' in each ? 2 : 1 } })),
  ];
}

/** Whole objects and their frames alone, against the peers for columns. */
async function sizesOf({ recording, bytes, aim }: (typeof PCODEC)[number], withPeers: boolean): Promise<Measure[]> {
  const scratch = memoryFolder();
  try {
    let peers: PeerSizes | undefined;
    const { readings, frames, objects } = await storeRecording(
      join(scratch.folder, 'data'),
      recording.bodies(),
      withPeers
        ? (days) => {
            peers = peerSizes(days, join(scratch.folder, 'columns'));
          }
        : undefined,
    );
    const unit = 'B/reading';
    const against = { unit, baseline: peers === undefined ? 'pcodec (constant)' : 'pcodec' };
    const pcodec = peers === undefined ? bytes : peers.pcodec / readings;
    return [
      compared({ ...against, name: `${recording.name}, timestamps and values` }, [
        { subject: frames / readings, baseline: pcodec },
      ]),
      compared(
        {
          ...against,
          name: `${recording.name}, whole objects`,
          bar: { of: 'ratio', op: '<=', limit: 1.05 },
          aim: { of: 'ratio', op: '<=', limit: aim },
        },
        [{ subject: objects / readings, baseline: pcodec }],
      ),
    ];
  } finally {
    scratch.remove();
  }
}
