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
  while (await p.writer.splitStep(block.id, minPartBytes));
  return p.writer.parts(block.id);
}
