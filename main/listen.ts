import { messageOf, TidemarkError } from '../shared/errors.ts';
import type { Listen } from './config/schema.ts';

/** Binds the address; the demo takes a free port when it is in use (a real InfluxDB has 8086). Throws 'address' naming the key. */
export async function listenOrNext<T>(
  listen: Listen,
  demo: boolean,
  key: string,
  bind: (listen: Listen) => Promise<T>,
): Promise<T> {
  try {
    return await bind(listen);
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (taken && demo) return bind({ ...listen, port: 0 });
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
