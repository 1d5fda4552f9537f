import { freePort } from '../../main/testing/minio-server.ts';
import { type PeerServer, startPeerServer } from './peer-server.ts';
import { peerProgram } from './peers.ts';

/** VictoriaMetrics acknowledges before anything is on the disk. Undefined when it cannot be had (a line has said so). */
export async function startVictoriaMetrics(folder: string, connections: number): Promise<PeerServer | undefined> {
  const program = peerProgram('victoria-metrics');
  if (program === undefined) return undefined;
  const port = await freePort();
  return startPeerServer({
    program,
    // It silently drops what is older than it retains.
    args: [
      `-storageDataPath=${folder}`,
      `-httpListenAddr=127.0.0.1:${port}`,
      '-retentionPeriod=100y',
      '-loggerLevel=ERROR',
    ],
    url: `http://127.0.0.1:${port}`,
    health: '/health',
    write: '/write?precision=u',
    connections,
  });
}
