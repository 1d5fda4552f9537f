import { Command, CommanderError, Option } from 'commander';
import { ZodError } from 'zod';
import { messageOf, TidemarkError } from '../shared/errors.ts';
import type { CommonOptions } from './cli/client.ts';
import { pauseCommand, resumeCommand, retryCommand, urlCommand } from './cli/control.ts';
import { CommandError } from './cli/errors.ts';
import { type QueryOptions, queryCommand, seriesCommand } from './cli/history.ts';
import { importCommand } from './cli/import.ts';
import { startCommand } from './cli/start.ts';
import { statusCommand } from './cli/status.ts';
import { tierNowCommand } from './cli/tier-now.ts';
import { ConfigError } from './config/error.ts';
import { VERSION } from './version.ts';

const program = new Command('tidemark')
  .description('Keeps recent sensor readings on this gateway and moves old ones, provably, to a bucket or folder.')
  .version(VERSION)
  .exitOverride()
  .showHelpAfterError('(tidemark --help lists the commands)')
  .configureHelp({ sortSubcommands: false });

function command(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--json', 'print JSON')
    .option('--config <file>', "configuration file (default: ./tidemark.toml, then the user's config folder)")
    .option('--data-dir <folder>', 'data folder of the gateway');
}

command('start', 'run the gateway and serve its screen')
  .option('--demo', 'run the demo site in its own folder')
  .addOption(new Option('--no-window', 'serve the screen without opening a window'))
  .action((o: CommonOptions & { demo?: boolean; window?: boolean }) => startCommand(o));
command('status', 'is data safe, is the link up, what waits').action((o: CommonOptions) => statusCommand(o));
command('tier-now', 'move everything that is due to the archive, now')
  .option('--wait', 'show progress and return when it is done')
  .action((o: CommonOptions & { wait?: boolean }) => tierNowCommand(o));
command('series', 'list the series')
  .option('--search <text>', 'only keys that contain the text')
  .action((o: CommonOptions & { search?: string }) => seriesCommand(o));
command('query', 'print the history of one series over [from, to)')
  .argument('<series>', 'key, e.g. pump.temp{hub=h1}')
  .requiredOption('--from <time>', 'RFC 3339 or epoch microseconds')
  .requiredOption('--to <time>', 'RFC 3339 or epoch microseconds')
  .option('--points <n>', 'number of buckets (default 1000)')
  .option('--raw', 'every reading instead of buckets')
  .option('--csv', 'commas instead of tabs')
  .action((key: string, o: QueryOptions) => queryCommand(key, o));
command('import', 'send files to the gateway: line protocol, CSV (timestamp,value), SURFRAD')
  .argument('<file...>')
  .option('--token <token>', 'ingest token, when the gateway wants one')
  .action((files: string[], o: CommonOptions & { token?: string }) => importCommand(files, o));
command('pause', 'stop tiering')
  .option('--for <duration>', 'e.g. 4h; without it until resume')
  .action((o: CommonOptions & { for?: string }) => pauseCommand(o));
command('resume', 'end a pause').action((o: CommonOptions) => resumeCommand(o));
command('retry', 'try a block again, now')
  .argument('<block>')
  .action((id: string, o: CommonOptions) => retryCommand(id, o));
command('url', 'print the address of the screen').action((o: CommonOptions) => urlCommand(o));
for (const later of ['export', 'verify', 'rebuild', 'check']) {
  command(later, '(not in this version)')
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      throw new CommandError(`"${later}" is not in this version`, 2);
    });
}

/** Exit codes: 0 done, 1 failed, 2 wrong usage or configuration. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof ConfigError) return 2;
  return error instanceof CommandError ? error.exitCode : 1;
}

function inWords(error: unknown): string {
  if (error instanceof TidemarkError) return error.action === '' ? error.message : `${error.message}; ${error.action}`;
  if (error instanceof ZodError)
    return 'the gateway answered in a form this version does not know; are both of the same version?';
  return messageOf(error);
}

// Whoever read our output has enough of it (`| head`): that is no error, and no reason for a stack.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) console.error(`tidemark: ${inWords(error)}`);
  process.exitCode = exitCodeOf(error);
}
