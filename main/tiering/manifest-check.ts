import { TidemarkError } from '../../shared/errors.ts';
import type { BlockInfo } from '../store/types.ts';

/** Refuses a change of archive, prefix or gateway id while blocks lie under the old one: their data could not be found again. */
export function checkManifest(blocks: readonly BlockInfo[], storeId: string | undefined, keyPrefix: string): void {
  const stranded = blocks.find((b) => (storeId !== undefined && b.storeId !== storeId) || !b.key.startsWith(keyPrefix));
  if (stranded === undefined) return;
  throw new TidemarkError(
    'stranded',
    `blocks of this gateway lie in ${stranded.storeId} under ${stranded.key.split('/date=')[0] ?? ''}/, which the configuration no longer names`,
    {
      retry: 'never',
      blame: 'operator',
      action:
        'set endpoint, bucket, prefix and gateway.id (or cold.directory) back as they were, or start with a new data folder',
    },
  );
}
