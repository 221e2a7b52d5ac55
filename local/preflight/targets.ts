import type { StageSettings } from '../../lib/config.js';
import { absent, aws } from './aws-cli.js';
import { type Finding, reading } from './findings.js';

interface Lookup {
  /** Words of a read-only command of the AWS CLI. */
  readonly words: readonly string[];
  /** Codes of the errors that say that the resource is not there. */
  readonly absent: readonly string[];
}

type Arn = Readonly<Record<'arn' | 'account' | 'name', string>>;

const LOOKUPS: Readonly<Record<string, (arn: Arn) => Lookup>> = {
  sqs: ({ name, account }) => ({
    words: ['sqs', 'get-queue-url', '--queue-name', name, '--queue-owner-aws-account-id', account],
    absent: ['AWS.SimpleQueueService.NonExistentQueue', 'QueueDoesNotExist'],
  }),
  sns: ({ arn }) => ({ words: ['sns', 'get-topic-attributes', '--topic-arn', arn], absent: ['NotFound'] }),
  events: ({ arn }) => ({
    words: ['events', 'describe-event-bus', '--name', arn],
    absent: ['ResourceNotFoundException'],
  }),
  lambda: ({ arn }) => ({
    words: ['lambda', 'get-function-configuration', '--function-name', arn],
    absent: ['ResourceNotFoundException'],
  }),
  states: ({ arn }) => ({
    words: ['stepfunctions', 'describe-state-machine', '--state-machine-arn', arn],
    absent: ['StateMachineDoesNotExist'],
  }),
};

/** Whether the targets that the stage names are there. An ARN with `*` stands for any number of them. */
export async function targets({ allowedTargets = [] }: StageSettings): Promise<Finding> {
  const what = 'targets';
  const named = allowedTargets.filter((arn) => !arn.includes('*'));
  if (named.length === 0) return { what, verdict: 'ready', found: 'the stage names none' };
  return reading(what, async () => {
    const there = await Promise.all(named.map(isThere));
    const missing = named.filter((_, index) => !there[index]);
    if (missing.length === 0) return { what, verdict: 'ready', found: `all ${named.length} are there` };
    const todo =
      'Make them, or correct allowedTargets in punctual.config.ts. A call of one that is missing fails and becomes a dead ' +
      'letter; but EventBridge takes events for a bus that is not there, and they are gone.';
    return { what, verdict: 'look', found: `not there: ${missing.join(', ')}`, todo };
  });
}

async function isThere(arn: string): Promise<boolean> {
  const [, , service = '', region = '', account = '', ...rest] = arn.split(':');
  const lookup = LOOKUPS[service]!({ arn, account, name: rest.join(':') });
  const answer = await aws(...lookup.words, '--region', region).catch(absent(...lookup.absent));
  return answer !== undefined;
}
