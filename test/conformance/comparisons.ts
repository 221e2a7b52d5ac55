import { MINISTACK } from '../rehearse/emulator.js';
import { fetchDynamoDbLocal, startDynamoDbLocal, whatIsMissing } from './dynamodb-local.js';
import { fetchElasticMq, startElasticMq, whatElasticMqLacks } from './elasticmq.js';
import { fetchMiniStack, startMiniStack, whatMiniStackLacks } from './ministack.js';
import type { RunningServer } from './running-server.js';

/** A server that is not ours, and what is held against it. */
export interface Comparison {
  readonly name: string;
  /** Why it cannot run without a download; undefined when it can. */
  missing(): string | undefined;
  /** Whether a download is all that is missing. */
  fetchable(): boolean;
  fetch(): void;
  start(): Promise<RunningServer>;
  /** The variable that tells the suites where it is. */
  readonly variable: string;
  /** Suites that say nothing of our own server alone, and the calls that both must answer alike. */
  readonly suites: readonly string[];
  /** The functions' own, over it. */
  readonly stories: readonly string[];
}

/**
 * What the adapters do beyond their contracts. It takes too long for every `npm test`. The suite `sweep-lists` is not
 * here: a page ends after a megabyte that was read, on AWS before the filter, on DynamoDB Local after it.
 */
const ADAPTERS = [
  ...['audit-trail', 'dead-letter-lists', 'endpoint-stores', 'event-store', 'listeners', 'rows'],
  ...['run-lists', 'run-store', 'schedule-store', 'stats-store', 'sweep-store'],
].map((name) => `test/functions/storage/${name}.test.ts`);

export const COMPARISONS: readonly Comparison[] = [
  {
    name: 'DynamoDB Local',
    missing: whatIsMissing,
    fetchable: () => whatIsMissing()?.includes('is not in') ?? false,
    fetch: fetchDynamoDbLocal,
    start: startDynamoDbLocal,
    variable: 'CONFORMANCE_DYNAMODB',
    suites: [
      ...['items', 'queries', 'refusals', 'expressions-again'].map((name) => `test/local/dynamodb/${name}.test.ts`),
      'test/conformance/differential/dynamodb.test.ts',
      'test/contracts/dynamodb.test.ts',
    ],
    stories: [...ADAPTERS, 'test/e2e/stories.test.ts'],
  },
  {
    name: 'ElasticMQ',
    missing: whatElasticMqLacks,
    fetchable: () => whatElasticMqLacks()?.includes('is not in') ?? false,
    fetch: fetchElasticMq,
    start: startElasticMq,
    variable: 'CONFORMANCE_SQS',
    suites: ['test/conformance/differential/sqs.test.ts', 'test/contracts/queues.test.ts'],
    stories: [],
  },
  {
    name: 'MiniStack',
    missing: whatMiniStackLacks,
    fetchable: () => !MINISTACK.isInstalled,
    fetch: fetchMiniStack,
    start: startMiniStack,
    variable: 'CONFORMANCE_TARGETS',
    suites: ['test/conformance/differential/targets.test.ts'],
    stories: [],
  },
];
