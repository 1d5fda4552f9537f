import type { Status } from '../../../shared/schemas.ts';

export type PartName = 'recent' | 'local' | 'cache' | 'system' | 'free';

export interface StoragePart {
  name: PartName;
  bytes: number;
}

/** Below this share of the limit the used part is too thin to be read, and is shown again, enlarged. */
const THIN = 0.25;

/** What fills the local limit; the parts add up exactly to `whole`: the limit, or what is used if that is more. */
export function storageParts({ tiers, storage }: Status): {
  parts: StoragePart[];
  used: number;
  whole: number;
  thin: boolean;
} {
  const whole = Math.max(storage.limit_bytes, storage.used_bytes);
  let left = storage.used_bytes;
  const take = (bytes: number): number => {
    const taken = Math.min(bytes, left);
    left -= taken;
    return taken;
  };
  // Readings first: what the database holds besides them (journal not yet freed, indexes, free pages) is the rest.
  const cache = take(tiers.cache.bytes);
  const local = take(tiers.local.bytes);
  const recent = take(tiers.head.bytes);
  return {
    parts: [
      { name: 'recent', bytes: recent },
      { name: 'local', bytes: local },
      { name: 'cache', bytes: cache },
      { name: 'system', bytes: left },
      { name: 'free', bytes: whole - storage.used_bytes },
    ],
    used: storage.used_bytes,
    whole,
    thin: storage.used_bytes < THIN * whole,
  };
}
