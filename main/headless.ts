import { startCommand } from './cli/start.ts';

/** The gateway without Electron and without a command line: for service managers. Configuration as always. */
await startCommand({ window: false });
