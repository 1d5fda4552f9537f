import type { BlockInfo, PartInfo } from '../store/types.ts';
import type { Pass } from './context.ts';
import { isOneRequest } from './rate.ts';

/** The parts by which a block is sent or read back: the one it has, unless that is not known to go through as one request. */
export async function partsToMove(
  p: Pick<Pass, 'writer' | 'archive' | 'pace'>,
  block: BlockInfo,
  parts: readonly PartInfo[],
): Promise<readonly PartInfo[]> {
  const { minPartBytes } = p.archive;
  if (parts.length > 1 || block.bytes <= minPartBytes || isOneRequest(block.bytes, p.pace())) return parts;
  return hashedAgain(p, block, minPartBytes);
}

/** The parts by which an object is told from others by its ETag: for an archive that keeps no SHA-256. */
export async function partsWithMd5(
  p: Pick<Pass, 'writer'>,
  block: BlockInfo,
  parts: readonly PartInfo[],
): Promise<readonly PartInfo[]> {
  return parts.every(({ md5 }) => md5 !== undefined) ? parts : hashedAgain(p, block, block.bytes);
}

async function hashedAgain(p: Pick<Pass, 'writer'>, { id }: BlockInfo, partBytes: number): Promise<PartInfo[]> {
  while (await p.writer.splitStep(id, partBytes));
  return p.writer.parts(id);
}
