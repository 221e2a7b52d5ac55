import { Command } from 'commander';
import { version } from '../package.json';
import { EXIT } from './exit-codes.js';

export interface CommonOptions {
  readonly json?: boolean;
  readonly profile?: string;
}

export function newProgram(): Command {
  return new Command('punctual')
    .description('Send, schedule and look into the calls of a Punctual API.')
    .version(version, '--version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .showHelpAfterError('(punctual --help lists the commands)')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EXIT.wrongUse));
}

/** A command with the options that every command has. */
export function leaf(parent: Command, name: string): Command {
  return parent
    .command(name)
    .allowExcessArguments(false)
    .option('--json', 'print JSON')
    .option('--profile <name>', 'use this profile of punctual login');
}
