import { pino } from 'pino';
import type { Log } from '../ports/log.ts';

/** JSON lines on stderr; stdout belongs to the command. Known names of secrets are cut out, whoever put them in. */
export function createLog(level: 'debug' | 'info' | 'warn' | 'error' = 'info'): Log {
  const redact = {
    paths: [
      '*.secret_key',
      '*.secretKey',
      '*.token',
      '*.authorization',
      'secret_key',
      'secretKey',
      'token',
      'authorization',
    ],
    remove: true,
  };
  return pino({ level, base: null, redact }, pino.destination({ dest: 2, sync: true }));
}
