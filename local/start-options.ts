import { type Command, InvalidArgumentError } from 'commander';
import { wholeNumber } from './command.js';

export interface StartOptions {
  readonly port: number;
  readonly data: string;
  readonly json?: boolean;
  readonly open: boolean;
  readonly chaos?: number;
  /** The setting `auditDeliveries` of a deployment. */
  readonly auditDeliveries?: boolean;
}

/** The options of `npm start` and of `punctual dev`. Loads nothing of the stack, so that each command of `punctual` can list them. */
export function withStartOptions(command: Command): Command {
  return command
    .option('--port <number>', 'port of the API and the console; 0 takes a free one', wholeNumber(0, 65_535), 8787)
    .option('--data <folder>', 'what a restart finds again', folderName, '.punctual')
    .option('--json', 'say in one line of JSON where everything is, for scripts')
    .option('--no-open', 'open no browser; at a terminal the console is opened, signed in')
    .option('--chaos <seed>', 'make the AWS servers as unkind as AWS may be', wholeNumber())
    .option('--audit-deliveries', 'audit the outcome of each delivery, as the setting auditDeliveries does on AWS');
}

function folderName(given: string): string {
  if (given === '') throw new InvalidArgumentError('It must name a folder.');
  return given;
}
