import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { startBucket } from './bucket.ts';
import { buildHistory } from './history.ts';
import { scratchFolder } from './scratch.ts';

export const FIVE_YEARS_DAYS = 1_826;
/** 32 series that send every ten minutes: it is the days that make a manifest long. */
const HUBS = 4;
const STEP_US = 600_000_000;

/** A gateway that has run for five years, all but the last month of it in a MinIO. */
export interface FiveYears {
  toml: string;
  /** Blocks in its manifest. */
  blocks: number;
  /** Puts a copy of its data folder there. */
  copyTo(data: string): void;
}

let built: Promise<FiveYears & { close(): Promise<void> }> | undefined;

/** Built once for all groups of a run. */
export function fiveYears(): Promise<FiveYears> {
  built ??= build();
  return built;
}

/** At the end of a run, whether it was built or not. */
export async function closeFiveYears(): Promise<void> {
  await built?.then(
    (b) => b.close(),
    () => undefined,
  );
}

async function build(): Promise<FiveYears & { close(): Promise<void> }> {
  const scratch = scratchFolder();
  const bucket = await startBucket(scratch.folder);
  const close = async (): Promise<void> => {
    await bucket.close();
    scratch.remove();
  };
  try {
    const history = { days: FIVE_YEARS_DAYS, hubs: HUBS, stepUs: STEP_US, seed: 5 };
    const { toml, blocks } = await buildHistory({ folder: scratch.folder, bucket, ...history });
    const data = join(scratch.folder, 'data');
    return { toml, blocks, copyTo: (to) => cpSync(data, to, { recursive: true }), close };
  } catch (error) {
    await close();
    throw error;
  }
}
