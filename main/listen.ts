import { codeOf, messageOf, TidemarkError } from '../shared/errors.ts';
import type { Listen } from './config/schema.ts';
import type { Log } from './ports/log.ts';

/** Binds the address; the demo takes a free port when it is in use (a real InfluxDB has 8086), and says so. Throws 'address' naming the key. */
export async function listenOrNext<T>(
  listen: Listen,
  o: { demo: boolean; log: Log },
  key: string,
  bind: (listen: Listen) => Promise<T>,
): Promise<T> {
  try {
    return await bind(listen);
  } catch (error) {
    const taken = codeOf(error) === 'EADDRINUSE';
    if (taken && o.demo) {
      o.log.warn({ key, port: listen.port }, 'another program has this port: the demo takes a free one instead');
      return bind({ ...listen, port: 0 });
    }
    throw new TidemarkError(
      'address',
      `cannot listen on ${listen.host}:${listen.port} (${key}): ${taken ? 'the port is in use' : messageOf(error)}`,
      {
        retry: 'never',
        blame: 'operator',
        action: `set another ${key} in tidemark.toml`,
        cause: error,
      },
    );
  }
}
