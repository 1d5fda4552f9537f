import { createHash, randomBytes } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, type FileHandle, link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf, messageOf } from '../../shared/errors.ts';
import {
  type Body,
  type BodyDigests,
  type Call,
  type ObjectHead,
  type ObjectStore,
  ObjectStoreError,
  type ProbeResult,
  type StoreFault,
} from '../ports/object-store.ts';
import { checkKey } from './object-keys.ts';

const MARKER = 'tidemark-archive.json';
const UPLOADS = '.uploads';
/** Written by each probe, for the time the folder's own machine gives it. */
const CLOCK = '.clock';
/** Part size of a multipart object, beside it: `<name>.parts`. The ETag of an object is made from what is on disk, by S3's rule. */
const SIDECAR = '.parts';
const NO_LINKS = ['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP', 'EMLINK'];

function faultOf(error: unknown): StoreFault {
  const code = codeOf(error);
  if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code)) return 'full';
  if (['EACCES', 'EROFS', 'ENOTDIR'].includes(code)) return 'no-bucket';
  return 'offline';
}

function failure(error: unknown): ObjectStoreError {
  if (error instanceof ObjectStoreError) return error;
  if (error instanceof Error && error.name === 'AbortError')
    return new ObjectStoreError('aborted', 'stopped', { cause: error });
  return new ObjectStoreError(faultOf(error), `the archive folder failed: ${messageOf(error)}`, { cause: error });
}

/** Makes the folder an archive of this gateway; a folder that already belongs to another gateway is refused. */
export async function createArchiveMarker(directory: string, gatewayId: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const text = `${JSON.stringify({ tidemark: 1, gateway: gatewayId })}\n`;
  await writeNew(join(directory, MARKER), async (file) => void (await file.write(text))).catch((error: unknown) => {
    if (!(error instanceof ObjectStoreError && error.fault === 'precondition')) throw failure(error);
  });
}

function gatewayOf(marker: string): unknown {
  try {
    const parsed: unknown = JSON.parse(marker);
    return typeof parsed === 'object' && parsed !== null && 'gateway' in parsed ? parsed.gateway : undefined;
  } catch {
    return undefined;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}

/** A folder outlives a power cut only once the one that holds it is synced: so is each that holds a new one. */
async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  const top = dirname(first);
  for (let at = path; at !== top && at !== dirname(at); ) {
    at = dirname(at);
    await syncFolder(at);
  }
}

/** Writes to a temporary file, syncs it, links it to its final name (which must be free) and syncs the folder. */
async function writeNew(path: string, fill: (file: FileHandle) => Promise<void>, replace = false): Promise<void> {
  await makeFolder(dirname(path));
  const temporary = join(dirname(path), `.${randomBytes(8).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await fill(file);
      await file.sync();
    } finally {
      await file.close();
    }
    if (replace) await rename(temporary, path);
    else await linkNew(temporary, path);
    await syncFolder(dirname(path));
  } finally {
    await rm(temporary, { force: true });
  }
}

async function writeBody(file: FileHandle, body: Body, digests: BodyDigests): Promise<void> {
  const sha256 = createHash('sha256');
  for await (const piece of body instanceof Uint8Array ? [body] : body) {
    sha256.update(piece);
    await file.appendFile(piece);
  }
  if (!sha256.digest().equals(digests.sha256))
    throw new ObjectStoreError('integrity', 'the body does not match its digest');
}

async function linkNew(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST')
      throw new ObjectStoreError('precondition', 'the object is already there', { cause: error });
    if (!NO_LINKS.includes(codeOf(error))) throw error;
    // No hard links here (FAT, some network mounts): our lock on the data folder makes us the only writer of this gateway's keys.
    if (await exists(path)) throw new ObjectStoreError('precondition', 'the object is already there', { cause: error });
    await rename(temporary, path);
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** An archive in a mounted folder (NAS, USB disk). Every call first checks that the folder is really mounted. */
export function createDirectoryStore({ directory, gatewayId }: { directory: string; gatewayId: string }): ObjectStore {
  const pathOf = (key: string): string => join(directory, ...checkKey(key));
  const uploadOf = (uploadId: string): string => {
    if (!/^[0-9a-f]{32}$/.test(uploadId)) throw new ObjectStoreError('no-upload', 'the upload is unknown');
    return join(directory, UPLOADS, uploadId);
  };

  async function mounted(): Promise<void> {
    const text = await readFile(join(directory, MARKER), 'utf8').catch((error: unknown) => {
      throw new ObjectStoreError(
        'no-bucket',
        `the archive folder ${directory} is not mounted (it holds no ${MARKER})`,
        { action: 'mount the disk or share', cause: error },
      );
    });
    if (gatewayOf(text) !== gatewayId) {
      throw new ObjectStoreError('no-bucket', `the archive folder ${directory} belongs to another gateway`, {
        action: 'mount the right disk, or set gateway.id',
      });
    }
  }

  async function guarded<T>(call: Call | undefined, work: () => Promise<T>): Promise<T> {
    if (call?.signal?.aborted === true) throw new ObjectStoreError('aborted', 'stopped');
    try {
      await mounted();
      return await work();
    } catch (error) {
      throw failure(error);
    }
  }

  /** As `guarded`, for what writes: a read-only disk is named as such (a recursive mkdir would say ENOENT). */
  async function writing<T>(call: Call | undefined, work: () => Promise<T>): Promise<T> {
    return guarded(call, async () => {
      await access(directory, constants.W_OK);
      return work();
    });
  }

  /**
   * A NAS stamps files by its own clock; a local disk is stamped by ours and proves nothing: it agrees. Written at each probe: a few bytes every five
   * minutes are no wear, and a count of passes would be kept for nothing. A folder that cannot be written to can still be read from: no time then.
   */
  async function clockOf(): Promise<ProbeResult> {
    const path = join(directory, CLOCK);
    try {
      const file = await open(path, 'w');
      try {
        await file.write('.');
        await file.sync();
      } finally {
        await file.close();
      }
      return { serverTimeUs: Math.round((await stat(path)).mtimeMs * 1_000) };
    } catch {
      return {};
    }
  }

  async function headOf(key: string): Promise<ObjectHead> {
    const path = pathOf(key);
    const size = await stat(path).then(
      (s) => s.size,
      (error: unknown) => {
        if (codeOf(error) === 'ENOENT')
          throw new ObjectStoreError('not-found', 'there is no such object', { cause: error });
        throw error;
      },
    );
    const partBytes = Number(await readFile(path + SIDECAR, 'utf8').catch(() => '0'));
    const whole = createHash('sha256');
    const parts: Buffer[] = [];
    let [md5, inPart] = [createHash('md5'), 0];
    for await (const piece of createReadStream(path, { highWaterMark: 256 * 1024 })) {
      const bytes: Buffer = piece;
      whole.update(bytes);
      for (let at = 0; at < bytes.length; ) {
        const slice = partBytes === 0 ? bytes.subarray(at) : bytes.subarray(at, at + partBytes - inPart);
        md5.update(slice);
        inPart += slice.length;
        at += slice.length;
        if (partBytes > 0 && inPart === partBytes) {
          parts.push(md5.digest());
          [md5, inPart] = [createHash('md5'), 0];
        }
      }
    }
    if (partBytes > 0 && inPart > 0) parts.push(md5.digest());
    const etag =
      partBytes === 0
        ? md5.digest('hex')
        : `${createHash('md5').update(Buffer.concat(parts)).digest('hex')}-${parts.length}`;
    return { size, etag, checksumSha256: whole.digest('base64') };
  }

  /** ETags of files as they were last read whole. A changed file has another size, time or inode; `head` itself never looks here. */
  const seen = new Map<string, { stamp: string; etag: string }>();

  async function etagOf(key: string): Promise<string> {
    const { size, mtimeMs, ino } = await stat(pathOf(key));
    const stamp = `${size} ${mtimeMs} ${ino}`;
    const known = seen.get(key);
    if (known?.stamp === stamp) return known.etag;
    const { etag } = await headOf(key);
    seen.set(key, { stamp, etag });
    return etag;
  }

  async function place(
    key: string,
    condition: { ifNoneMatch: true } | { ifMatch: string },
    fill: (file: FileHandle) => Promise<void>,
  ): Promise<{ etag: string }> {
    if ('ifMatch' in condition && (await headOf(key)).etag !== condition.ifMatch)
      throw new ObjectStoreError('precondition', 'the object has changed');
    await writeNew(pathOf(key), fill, 'ifMatch' in condition);
    return { etag: (await headOf(key)).etag };
  }

  return {
    id: `directory:${directory}`,
    minPartBytes: 5 * 1024 * 1024,
    probe: (call) => guarded(call, clockOf),
    put: (key, body, digests, condition, call) =>
      writing(call, () =>
        place(key, condition, async (file) => {
          await writeBody(file, body, digests);
          // Not of an object that stays.
          if ('ifMatch' in condition || !(await exists(pathOf(key)))) await rm(pathOf(key) + SIDECAR, { force: true });
        }),
      ),
    createUpload: (_key, call) =>
      writing(call, async () => {
        const uploadId = randomBytes(16).toString('hex');
        await mkdir(uploadOf(uploadId), { recursive: true });
        return { uploadId };
      }),
    putPart: (_key, uploadId, partNumber, body, digests, call) =>
      writing(call, async () => {
        if (!(await exists(uploadOf(uploadId)))) throw new ObjectStoreError('no-upload', 'the upload is unknown');
        await writeNew(join(uploadOf(uploadId), String(partNumber)), (file) => writeBody(file, body, digests), true);
        return { etag: Buffer.from(digests.md5).toString('hex') };
      }),
    listParts: (_key, uploadId, call) =>
      guarded(call, async () => {
        const names = await readdir(uploadOf(uploadId)).catch((error: unknown) => {
          throw new ObjectStoreError('no-upload', 'the upload is unknown', { cause: error });
        });
        const parts = names
          .filter((name) => /^\d+$/.test(name))
          .map(Number)
          .sort((a, b) => a - b);
        return Promise.all(
          parts.map(async (partNumber) => {
            const body = await readFile(join(uploadOf(uploadId), String(partNumber)));
            return { partNumber, etag: createHash('md5').update(body).digest('hex'), size: body.length };
          }),
        );
      }),
    completeUpload: (key, uploadId, parts, condition, call) =>
      writing(call, async () => {
        const folder = uploadOf(uploadId);
        if (!(await exists(folder))) throw new ObjectStoreError('no-upload', 'the upload is unknown');
        const first = await stat(join(folder, String(parts[0]?.partNumber ?? 1)));
        // The sidecar goes first: an object without it would show another ETag and be taken for a wrong one.
        if (!(await exists(pathOf(key))))
          await writeNew(pathOf(key) + SIDECAR, async (file) => void (await file.write(String(first.size))), true);
        const done = await place(key, condition, async (file) => {
          for (const part of parts) await file.appendFile(await readFile(join(folder, String(part.partNumber))));
        });
        await rm(folder, { recursive: true, force: true });
        return done;
      }),
    abortUpload: (_key, uploadId, call) =>
      guarded(call, () => rm(uploadOf(uploadId), { recursive: true, force: true })),
    head: (key, call) => guarded(call, () => headOf(key)),
    get: (key, { offset, length }, call) =>
      guarded(call, async () => {
        const info = await stat(pathOf(key)).catch((error: unknown) => {
          throw codeOf(error) === 'ENOENT'
            ? new ObjectStoreError('not-found', 'there is no such object', { cause: error })
            : error;
        });
        if (offset + length > info.size)
          throw new ObjectStoreError(
            'integrity',
            `the object has ${info.size} bytes, ${offset + length} were expected`,
          );
        if (call?.ifMatch !== undefined && call.ifMatch !== (await etagOf(key)))
          throw new ObjectStoreError('precondition', 'the object has changed');
        return readRange(pathOf(key), offset, length, call?.signal);
      }),
    remove: (key, call) =>
      guarded(call, async () => {
        await rm(pathOf(key), { force: true });
        await rm(pathOf(key) + SIDECAR, { force: true });
      }),
    async *list(prefix, call) {
      await guarded(call, async () => undefined);
      const names = await readdir(directory, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
        throw failure(error);
      });
      const keys = names.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name).slice(directory.length + 1));
      for (const key of keys.sort()) {
        const hidden = key === MARKER || key.endsWith(SIDECAR) || key.split('/').some((part) => part.startsWith('.'));
        if (!hidden && key.startsWith(prefix)) yield { key, size: (await stat(join(directory, key))).size };
      }
    },
    close: async () => undefined,
  };
}

async function* readRange(
  path: string,
  offset: number,
  length: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  if (length === 0) return;
  try {
    const stream = createReadStream(path, {
      start: offset,
      end: offset + length - 1,
      highWaterMark: 256 * 1024,
      ...(signal === undefined ? {} : { signal }),
    });
    for await (const piece of stream) yield piece as Uint8Array;
  } catch (error) {
    throw failure(error);
  }
}
