import { messageOf } from '../shared/errors.ts';
import { createArchiveMarker, createDirectoryStore } from './adapters/directory-store.ts';
import type { Config } from './config/schema.ts';
import type { Log } from './ports/log.ts';
import type { ObjectStore } from './ports/object-store.ts';

/** What only a bucket needs: 200 ms of a start, and 20 MB. */
export const loadMinio = () => import('./adapters/minio-store.ts');

/** The configured archive. A folder gets its marker from the first start that has nothing in the manifest; later a missing marker means "not mounted". */
export async function openArchive(
  config: Config,
  gatewayId: string,
  emptyManifest: boolean,
  log: Log,
): Promise<{ archive: ObjectStore | undefined; prefix: string; name: string | null }> {
  if (config.minio !== undefined) {
    const { endpoint, bucket, region, access_key, secret_key, ca, prefix } = config.minio;
    const { createMinioStore } = await loadMinio();
    const archive = createMinioStore({
      endpoint,
      bucket,
      region,
      accessKey: access_key,
      secretKey: secret_key,
      concurrency: config.tiering.concurrency,
      ...(ca === undefined ? {} : { ca }),
    });
    return { archive, prefix, name: `${bucket} at ${new URL(endpoint).host}` };
  }
  if (config.cold !== undefined) {
    const { directory } = config.cold;
    // A folder that cannot take the marker now must not keep the gateway from taking in: Status says what is wrong with it.
    if (emptyManifest) {
      await createArchiveMarker(directory, gatewayId).catch((error: unknown) => {
        log.error({ directory, error: messageOf(error) }, 'the archive folder cannot be used');
      });
    }
    return { archive: createDirectoryStore({ directory, gatewayId }), prefix: '', name: directory };
  }
  return { archive: undefined, prefix: '', name: null };
}
