import { hostname } from 'node:os';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { messageOf } from '../shared/errors.ts';
import type { QueryUpdate, Status } from '../shared/schemas.ts';
import { GB, MB } from '../shared/units.ts';
import { counted } from '../shared/words.ts';
import {
  apiToken,
  cacheFolder,
  hasRun,
  openDataFolder,
  removeGatewayFile,
  writeGatewayFile,
} from './adapters/data-folder.ts';
import { createDiskFrameCache } from './adapters/disk-frame-cache.ts';
import { openRecording } from './adapters/recordings.ts';
import { createReserveFile } from './adapters/reserve-file.ts';
import { createDiskSpace } from './adapters/statfs-disk-space.ts';
import { systemClock } from './adapters/system-clock.ts';
import { createRouters, openApiDocument, type Router, type Services } from './api.ts';
import { loadMinio, openArchive } from './archive.ts';
import { digest128 } from './codec/frame.ts';
import { describeConfig } from './config/describe.ts';
import type { LoadedConfig } from './config/load.ts';
import { startDemoHub } from './demo/hub.ts';
import { createGroupCommit } from './ingest/group-commit.ts';
import { createIngestServer, type Gate } from './ingest/http.ts';
import { startIngestEvents } from './ingest-events.ts';
import { createIngestMeter } from './ingest-meter.ts';
import { listenOrNext } from './listen.ts';
import { createMetrics } from './metrics.ts';
import type { Log } from './ports/log.ts';
import { fetchColdFrames } from './query/cold-frames.ts';
import { createColdSource } from './query/fetch.ts';
import { createPrefetch } from './query/prefetch.ts';
import { createReads, type ReaderApi } from './query/reads.ts';
import { QueryService } from './query/service.ts';
import { queryUpdate } from './query-rows.ts';
import { NO_FILE, startReserveWatch } from './reserve.ts';
import { serveHeadless } from './shell/headless/server.ts';
import { createSessions } from './shell/headless/sessions.ts';
import { buildStatus } from './status.ts';
import { HeadDays } from './store/head-days.ts';
import { lockDataFolder } from './store/lock.ts';
import type { Remote } from './store/remote.ts';
import type { StoreOptions } from './store/store.ts';
import { connectWorker } from './store/thread.ts';
import { checkManifest } from './tiering/manifest-check.ts';
import { blockBytes } from './tiering/size-policy.ts';
import { Tiering } from './tiering/tiering.ts';
import { VERSION } from './version.ts';
import { MOVES, type WriterApi } from './writer-api.ts';

const STATUS_EVERY_MS = 1_000;
const INGEST_CLOSE_MS = 4_000;

export interface Gateway {
  /** `http://host:port/#t=<token>`: opens the screen. */
  url: string;
  ui: string;
  ingest: string;
  /** The contract, for a shell in this process. */
  router: Router;
  /** Ends cleanly: what was acknowledged is committed, what is on its way resumes at the next start. */
  stop(): Promise<void>;
  /** Resolves when the storage thread has died by itself. */
  failed: Promise<Error>;
}

/** Memory of a storage thread for short-lived objects. Left to itself the engine takes up to 130 MB, and lets go of columns that nobody needs any more late. */
const YOUNG_MB = 12;

/** The one composition root: everything the gateway is made of is wired here, and nowhere else. */
export async function startGateway(loaded: LoadedConfig, o: { demo: boolean; log: Log }): Promise<Gateway> {
  const { config } = loaded;
  const { log } = o;
  const folder = config.gateway.data_dir;
  openDataFolder(folder);
  const closers: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        log.error({ error: messageOf(error) }, 'a part did not end cleanly');
      }
    }
  };
  try {
    closers.push(lockDataFolder(folder));
    return await compose();
  } catch (error) {
    await stop();
    throw error;
  }

  async function compose(): Promise<Gateway> {
    const clock = systemClock;
    const token = apiToken(folder);

    const reserveFile = o.demo ? NO_FILE : createReserveFile(join(folder, 'reserve'));
    // Disk: before the store opens, so that a full one has room for it
    const reserve = await startReserveWatch(createDiskSpace(folder), reserveFile, clock, log);
    closers.push(() => reserve.stop());
    const maxLocalBytes = config.tiering.max_local_size_gb * GB;
    const limitBytes = (usedBytes: number): number => Math.min(maxLocalBytes, usedBytes + reserve.roomBytes());

    // Storage threads
    const headDays = new HeadDays();
    const workerData: StoreOptions = {
      path: join(folder, 'tidemark.db'),
      maxSeries: config.gateway.max_series,
      hasRun: hasRun(folder),
      nowUs: clock.nowUs(),
      limitBytes: maxLocalBytes,
      headDays: headDays.memory,
    };
    let stopping = false;
    const { promise: failed, resolve: fail } = Promise.withResolvers<Error>();
    /** A worker of main/: closed at the stop, and the end of the gateway when it ends before. */
    const startWorker = <Api extends object>(
      name: string,
      moves: readonly (keyof Api)[] = [],
    ): Remote<Api & { close(): void }> => {
      const worker = new Worker(join(import.meta.dirname, `${name}${extname(import.meta.filename)}`), {
        workerData,
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
      });
      const { api, ended } = connectWorker<Api & { close(): void }>(worker, moves);
      closers.push(async () => {
        stopping = true;
        await Promise.race([ended, api.close()]);
        await ended;
      });
      void ended.then((error) => {
        if (!stopping) fail(error ?? new Error(`the ${name} thread ended`));
      });
      return api;
    };
    const writer = startWorker<WriterApi>('writer', MOVES);
    const reader = startWorker<ReaderApi>('reader');
    // While they start
    if (config.minio !== undefined) await loadMinio();
    const startReport = await writer.startReport();
    // The files of the store are there now: from here on they must stay.
    await reserve.look();
    // Only now the database is there, with its newest schema. The reader's first answer: it has opened the files, and whatever becomes of their names is for `reserve` to tell.
    await reader.pieces([], '', 0, 1);
    const gatewayId = config.gateway.id ?? (await writer.getState('gateway-id')) ?? standardId(o.demo);
    await writer.setState('gateway-id', gatewayId);

    // Archive and tiering
    const { archive, prefix, name } = await openArchive(
      config,
      gatewayId,
      (await writer.blocks({ limit: 1 })).length === 0,
      log,
    );
    if (archive !== undefined) closers.push(() => archive.close());
    checkManifest(await writer.blocks(), archive?.id, `${prefix}gateway=${gatewayId}/`);
    const cache = await createDiskFrameCache({
      digest: digest128,
      folder: cacheFolder(folder),
      limitBytes: config.tiering.cache_mb * MB,
    });
    closers.push(() => cache.flush());
    const tiering = new Tiering({
      writer,
      archive,
      fetchFrames: (wanted, signal) => fetchColdFrames(cold, wanted, signal),
      clock,
      room: { limitBytes, cacheBytes: () => cache.stats().bytes, limitCache: (bytes) => cache.limitTo(bytes) },
      log,
      random: Math.random,
      startReport,
      settings: {
        maxAgeDays: config.tiering.max_age_days,
        intervalMs: config.tiering.interval,
        concurrency: config.tiering.concurrency,
        targetBlockBytes: blockBytes(config.tiering.target_block_mb * MB, maxLocalBytes),
        verify: config.tiering.verify,
        gatewayId,
        prefix,
      },
    });

    // Query
    const cold = createColdSource({
      writer,
      archive,
      cache,
      clock,
      linkAway: () => tiering.linkAway(),
      onFault: (error) => tiering.observe(error),
    });
    const reads = createReads(writer, reader, headDays);
    const query = new QueryService(reads, cold);
    const prefetch = createPrefetch({
      reads,
      cold,
      cache,
      // A gateway that verifies by checksum is on a metered link.
      allowed: () =>
        config.tiering.verify === 'readback' && !tiering.linkAway() && tiering.status().pausedUntilUs === undefined,
    });

    // Ingest
    const meter = createIngestMeter(clock.nowUs(), startReport.lastReceivedUs);
    const demoGate: Gate | undefined = o.demo
      ? { reason: 'this is the demo site; set up tidemark.toml to store your own readings', retryAfterS: 600 }
      : undefined;
    const commit: WriterApi['ingest'] = async (requests, receivedUs) => {
      const results = await writer.ingest(requests, receivedUs);
      meter.add(
        results.reduce((n, r) => n + r.accepted, 0),
        receivedUs,
      );
      return results;
    };
    const group = createGroupCommit({ commit, clock, lingerMs: config.ingest.commit_linger_ms });
    closers.push(() => group.close());
    const ingest = createIngestServer({
      submit: (request) => {
        reserve.took(request.body.byteLength);
        return group.submit(request);
      },
      clock,
      log,
      version: VERSION,
      tokens: config.ingest.http.tokens ?? [],
      gate: () => reserve.gate() ?? demoGate,
    });
    const ingestEvents = startIngestEvents({ stats: ingest.stats, tell: (event) => writer.addEvent(event), clock });
    closers.push(() => ingestEvents.stop());
    const bound = await listenOrNext(config.ingest.http.listen, o, 'ingest.http.listen', ({ host, port }) =>
      ingest.listen(host, port),
    );
    closers.push(() => ingest.close(INGEST_CLOSE_MS));

    // Status and contract
    const site = {
      name: o.demo ? 'Demo site' : gatewayId,
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      version: VERSION,
      demo: o.demo,
      archive: name,
    };
    const status = async (): Promise<Status> => {
      const nowUs = clock.nowUs();
      const gate = reserve.gate();
      return buildStatus({
        nowUs,
        site,
        stats: await writer.stats(),
        tiering: tiering.status(),
        due: await tiering.due(),
        cache: cache.stats(),
        disk: { ...reserve.disk(), reserveBytes: reserve.heldBytes() },
        roomBytes: reserve.roomBytes(),
        maxLocalBytes,
        ingest: { ...meter.read(nowUs), ...(gate === undefined ? {} : { refusing: gate.reason }) },
        maxAgeDays: config.tiering.max_age_days,
      });
    };
    async function* watchStatus(signal: AbortSignal | undefined): AsyncGenerator<Status> {
      while (signal?.aborted !== true) {
        yield await status();
        await clock.sleep(STATUS_EVERY_MS, signal);
      }
    }
    async function* watchQuery(
      range: { key: string; from: number; to: number; points: number },
      signal: AbortSignal | undefined,
    ): AsyncGenerator<QueryUpdate> {
      for await (const answer of query.buckets(range, signal)) {
        if (answer.done) prefetch.after(range, answer.coverage);
        yield queryUpdate(answer, range.key);
      }
    }
    const services: Services = {
      writer,
      status,
      watchStatus,
      watchQuery,
      buckets: (range, signal) => query.wholeBuckets(range, signal),
      raw: (range, signal) => query.raw(range, signal),
      preview: async () => {
        const due = await tiering.preview();
        const nothing =
          archive === undefined
            ? 'No archive is set up.'
            : due.days === 0
              ? `Nothing on this gateway is older than ${config.tiering.max_age_days} days.`
              : null;
        return { ...due, nothing };
      },
      tierNow: () => tiering.tierNow(),
      pause: (forMs) => tiering.pause(forMs),
      resume: () => tiering.resume(),
      retryBlock: (id) => tiering.retry(id),
      settings: () => {
        const listen = { 'ui.listen': hostAndPort(shell), 'ingest.http.listen': hostAndPort(bound) };
        const actual = { 'gateway.id': gatewayId, 'gateway.data_dir': folder, ...listen };
        return { settings: describeConfig(loaded, actual), files: loaded.files };
      },
    };

    // Screen
    const sessions = createSessions(await writer.getState('sessions'), async (json) =>
      writer.setState('sessions', json),
    );
    const { router, restRouter } = createRouters(services);
    const shell = await listenOrNext(config.ui.listen, o, 'ui.listen', (listen) =>
      serveHeadless({
        listen,
        hosts: config.ui.hosts,
        router,
        restRouter,
        openApi: () => openApiDocument(VERSION),
        apiToken: token,
        sessions,
        metrics: createMetrics(status),
        ready: () => !stopping,
        log,
      }),
    );
    closers.push(() => shell.close());

    if (!startReport.cleanShutdown) {
      const text = `Started after the gateway was cut off: ${counted(startReport.replayed, 'reading was', 'readings were')} brought back from the journal.`;
      const event = { atUs: clock.nowUs(), level: 'info', text, detail: { readings: startReport.replayed } } as const;
      await writer.addEvent({ ...event, code: 'TM-REPLAYED' }).catch((error: unknown) => {
        // On a full disk history must be served all the same.
        log.error({ error: messageOf(error), text }, 'cannot write an event');
      });
    }
    if (o.demo) {
      const hub = await startDemoHub({ writer, commit, clock, log, openRecording });
      closers.push(() => hub.stop());
      await tiering.tierNow();
    }
    await tiering.start();
    closers.push(() => tiering.stop());

    const addresses = { ui: `http://${hostAndPort(shell)}`, ingest: `http://${hostAndPort(bound)}` };
    try {
      writeGatewayFile(folder, { pid: process.pid, ...addresses });
    } catch (error) {
      log.error(
        { error: messageOf(error) },
        'cannot write gateway.json: the other commands will not find this gateway',
      );
    }
    closers.push(() => removeGatewayFile(folder));
    log.info({ folder, archive: archive?.id ?? 'none', ...addresses }, 'serving');
    return { ...addresses, url: `${addresses.ui}/#t=${token}`, router, stop, failed };
  }
}

function hostAndPort({ host, port }: { host: string; port: number }): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The host's name as a gateway id, when none is configured; kept from the first start on. */
function standardId(demo: boolean): string {
  const name = hostname()
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, 64);
  return demo ? 'demo' : name === '' ? 'gateway' : name;
}
