import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconArchive,
  IconCircleCheck,
  IconClock,
  IconCloudQuestion,
  IconFileOff,
  IconUpload,
} from '@tabler/icons-react';
import type { Block } from '../../../shared/schemas.ts';
import { text } from '../../texts/en.ts';

const words = text.transfers;

type Look = Block['state'] | 'damaged' | 'missing';

/** What a block is for people: its state, except that damage in the archive is worse than being there. */
export function lookOf(block: Pick<Block, 'state' | 'damaged' | 'last_error'>): Look {
  if (!block.damaged) return block.state;
  return block.last_error?.code === 'not-found' ? 'missing' : 'damaged';
}

/** Why the readings of a block are not shown; undefined while they are. */
export function lossOf(look: Look): string | undefined {
  if (look === 'missing') return words.missingWhy;
  return look === 'damaged' ? words.damagedWhy : undefined;
}

/** States differ in shape, not only in colour. */
export const LOOK_ICONS: Record<Look, typeof IconClock> = {
  planned: IconClock,
  uploading: IconUpload,
  uploaded: IconCloudQuestion,
  verified: IconCircleCheck,
  cold: IconArchive,
  quarantined: IconAlertOctagon,
  damaged: IconAlertTriangle,
  missing: IconFileOff,
};

export function lookName(look: Look): string {
  return look === 'damaged' || look === 'missing' ? words[look] : words.states[look];
}

/** A failure in plain words; what the machine said is the detail. */
export function faultName(code: string): string {
  const names: Record<string, string> = words.faults;
  return names[code] ?? words.fault;
}

export interface Progress {
  of: 'sent' | 'checked';
  done: number;
  total: number;
}

/** How far a block on its way is; undefined when nothing is to be measured (not begun, or arrived). */
export function progressOf(
  block: Pick<Block, 'state' | 'parts' | 'parts_stored' | 'parts_verified'>,
): Progress | undefined {
  const { state, parts, parts_stored, parts_verified } = block;
  if (state === 'uploading') return { of: 'sent', done: parts_stored, total: parts };
  if (state === 'uploaded') return { of: 'checked', done: parts_verified, total: parts };
  if (state === 'quarantined' && parts_stored > 0) return { of: 'sent', done: parts_stored, total: parts };
  return undefined;
}

/** Set aside, or held back after a failure: then a person may ask for another try at once. */
export function mayRetry(block: Pick<Block, 'state' | 'last_error' | 'next_attempt_us'>, nowUs: number): boolean {
  if (block.state === 'quarantined') return true;
  return block.state !== 'cold' && block.last_error !== null && (block.next_attempt_us ?? 0) > nowUs;
}
