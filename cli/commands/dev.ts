import type { Command } from 'commander';
import { type StartOptions, withStartOptions } from '../../local/start-options.js';
import { CommandFault, EXIT } from '../exit-codes.js';

interface Start {
  runStart(options: StartOptions): void;
}

/** @param load the local stack, which no other command loads */
export function devCommand(program: Command, load: () => Promise<Start>): void {
  withStartOptions(program.command('dev').allowExcessArguments(false))
    .description('run the whole service on this machine, until Ctrl-C')
    .action(async (options: StartOptions) => (await load().catch(withoutPackages)).runStart(options));
}

function withoutPackages(error: NodeJS.ErrnoException): never {
  if (!/MODULE_NOT_FOUND/.test(error.code ?? '')) throw error;
  const [first] = error.message.split('\n');
  throw new CommandFault(
    `punctual dev needs the package's optional dependencies: install it without --omit=optional. ${first}`,
    EXIT.failed,
  );
}
