import { InvalidArgumentError } from 'commander';
import { command, runCommand, wholeNumber } from './command.js';
import type { LocalStack } from './local-stack.js';
import { type ReadyProject, readyProject } from './ready-project.js';
import { Stopping } from './stopping.js';
import { welcome } from './welcome.js';

interface Options {
  readonly port: number;
  readonly data: string;
  readonly json?: boolean;
  readonly chaos?: number;
  /** The setting `auditDeliveries` of a deployment. */
  readonly auditDeliveries?: boolean;
}

const start = command('npm start', 'Runs the whole service on this machine, until Ctrl-C.')
  .option('--port <number>', 'port of the API and the console; 0 takes a free one', wholeNumber(0, 65_535), 8787)
  .option('--data <folder>', 'what a restart finds again', folderName, '.punctual')
  .option('--json', 'say in one line of JSON where everything is, for scripts')
  .option('--chaos <seed>', 'make the AWS servers as unkind as AWS may be', wholeNumber())
  .option('--audit-deliveries', 'audit the outcome of each delivery, as the setting auditDeliveries does on AWS');

/** With fewer, a project would fill a lane before its share of the lane is known. They are started on demand. */
const LANE_PLACES = 50;

async function main({ port, data, json, chaos: seed, auditDeliveries }: Options): Promise<void> {
  process.env['TZ'] = 'UTC'; // as on Lambda; worker threads share it
  const stopping = new Stopping();
  const { startLocalStack } = await import('./local-stack.js');
  const settings = { ...(auditDeliveries && { auditDeliveries }) };
  const given = { port, data, settings, environmentLimit: LANE_PLACES };
  const stack = await startLocalStack({ ...given, ...(seed !== undefined && { chaos: { seed } }) });
  stopping.inOrder(() => stack.close());
  const project = await readyProject(stack.api, stack.operatorKey, data);
  console.log(json ? JSON.stringify(readyLine(stack, project)) : welcome(stack, project, data));
  for (const pool of stack.functions) pool.warm();
}

function folderName(given: string): string {
  if (given === '') throw new InvalidArgumentError('It must name a folder.');
  return given;
}

function readyLine(stack: LocalStack, project: ReadyProject): object {
  const { api, operatorKey, dynamodb, sqs, scheduler, receiver } = stack;
  const { project_id, api_key, key_id, signing_secret, project_signing_secret } = project;
  const credentials = {
    operator_key: operatorKey,
    project_id,
    api_key,
    key_id,
    signing_secret,
    project_signing_secret,
  };
  return { api, ...credentials, dynamodb, sqs, scheduler, receiver, intake_queue: stack.queueUrl('IntakeQueue') };
}

runCommand(start, main);
