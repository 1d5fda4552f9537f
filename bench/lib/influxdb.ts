import { join } from 'node:path';
import { freePort } from '../../main/testing/minio-server.ts';
import { WriteClients } from './clients.ts';
import { folderBytes, settled } from './files.ts';
import { startPeerServer } from './peer-server.ts';
import { peerProgram } from './peers.ts';
import type { RecordingBody } from './recordings.ts';

/** It compacts shards that nothing was written to for a second; so long nothing may change for the sizes to be final. */
const SETTLED_MS = 4_000;

export interface InfluxDb {
  /** Into a database of its own. */
  write(database: string, bodies: AsyncIterable<RecordingBody>): Promise<void>;
  /** Bytes of the data files of each database once all is compacted; indexes and series files, which it makes large beforehand, are not counted. */
  sizes(databases: readonly string[]): Promise<number[]>;
  close(): Promise<void>;
}

/** InfluxDB 1.x. Undefined when it cannot be had (a line has said so). */
export async function startInfluxDb(folder: string): Promise<InfluxDb | undefined> {
  const program = peerProgram('influxd');
  if (program === undefined) return undefined;
  const [http, rpc] = [await freePort(), await freePort()];
  const data = join(folder, 'data');
  const server = await startPeerServer({
    program,
    args: ['run', '-config', '/dev/null'],
    env: {
      HOME: folder,
      INFLUXDB_META_DIR: join(folder, 'meta'),
      INFLUXDB_DATA_DIR: data,
      INFLUXDB_DATA_WAL_DIR: join(folder, 'wal'),
      INFLUXDB_HTTP_BIND_ADDRESS: `127.0.0.1:${http}`,
      INFLUXDB_BIND_ADDRESS: `127.0.0.1:${rpc}`,
      INFLUXDB_REPORTING_DISABLED: 'true',
      INFLUXDB_MONITOR_STORE_ENABLED: 'false',
      INFLUXDB_DATA_CACHE_SNAPSHOT_WRITE_COLD_DURATION: '1s',
      INFLUXDB_DATA_COMPACT_FULL_WRITE_COLD_DURATION: '1s',
    },
    url: `http://127.0.0.1:${http}`,
    health: '/ping',
    write: '/write',
    connections: 1,
  });
  return {
    async write(database, bodies) {
      const q = `create database "${database}"`;
      const made = await fetch(`${server.url}/query?${new URLSearchParams({ q })}`, { method: 'POST' });
      if (!made.ok) throw new Error(`InfluxDB made no database: ${made.status}`);
      for await (const { body, precision } of bodies) {
        const path = `/write?db=${database}&precision=${precision === 'us' ? 'u' : 'ns'}`;
        const client = new WriteClients(server.url, 1, path);
        await client.post(Buffer.from(body.buffer, body.byteOffset, body.byteLength)).finally(() => client.close());
      }
    },
    async sizes(databases) {
      await settled(folder, SETTLED_MS);
      return databases.map((database) => folderBytes(join(data, database), (path) => path.endsWith('.tsm')));
    },
    close: () => server.close(),
  };
}
