import { STORIES } from '../stories/stories.js';
import { newcomer } from '../stories/tell-all.js';
import { suiteWorld } from '../support/suite-world.js';
import { assertBill, usedBy } from './bill.js';
import { assertPunctual, latenessTable, type Measured, measure } from './lateness.js';
import type { Account } from './step.js';
import { tell } from './steps.js';

const starting = suiteWorld();

async function deployment() {
  const { api, operatorKey, receiver } = (await starting).stack;
  return { api, operatorKey, receiver };
}

test('the stories are told; the one that fails is named', async () => {
  const [story] = STORIES.slice(1);
  const broken = { name: 'broken', tell: () => Promise.reject(new Error('not so')) };
  expect(await tell(await deployment(), [story!])).toEqual(['1 stories passed.']);
  await expect(tell(await deployment(), [story!, broken])).rejects.toThrow(/^broken: not so$/);
});

// How late they are on a machine that is busy is no matter here.
test('calls are measured by what the API shows of them', async () => {
  const { teller, receiver } = await newcomer(await deployment());
  const { id } = await teller.endpointAt(receiver.good);
  const { late, ...horizon } = await measure(teller, id, 3, { seconds: 1, by: 'SQS delay' });
  expect(horizon).toEqual({ seconds: 1, by: 'SQS delay' });
  expect(late).toHaveLength(3);
  expect(late).toEqual([...late].sort((one, other) => one - other));
});

describe('lateness', () => {
  const at = (...late: number[]): Measured => ({ seconds: 10, by: 'SQS delay', late });

  test('is shown by its middle and its end', () => {
    expect(latenessTable([at(1, 2, 900)]).at(-1)).toBe('| 10 s ahead | SQS delay | 3 | 2 ms | 900 ms |');
  });

  test('of two seconds is too much, and a call that is early is a fault', () => {
    expect(() => assertPunctual([at(0, 1_999)])).not.toThrow();
    expect(() => assertPunctual([at(0, 1), at(0, 2_000)])).toThrow(/10 s ahead: 2000 ms late/);
    expect(() => assertPunctual([at(-1, 5)])).toThrow(/10 s ahead: 1 ms early/);
  });
});

describe('the bill', () => {
  const resources = [
    ['AWS::Lambda::Function', 'Api1', 'api'],
    ['AWS::Lambda::Function', 'FastLaneDeliverer1', 'deliverer'],
    ['AWS::SQS::Queue', 'FastLaneQueue1', 'https://sqs/1/queue'],
    ['AWS::DynamoDB::GlobalTable', 'StorageRuns1', 'runs'],
  ].map(([ResourceType, LogicalResourceId, PhysicalResourceId]) => ({
    ResourceType,
    LogicalResourceId,
    PhysicalResourceId,
  }));

  /** An account of which CloudWatch knows these sums, by metric and the last dimension. */
  function accountWith(sums: Readonly<Record<string, number>>): Account {
    const answer = (words: readonly string[]) => {
      const [service, command] = words;
      if (command === 'list-stack-resources') return { StackResourceSummaries: resources };
      if (command === 'describe-table') return { Table: { GlobalSecondaryIndexes: [{ IndexName: 'g1-index' }] } };
      const metric = words[words.indexOf('--metric-name') + 1];
      const dimension = words[words.indexOf('--start-time') - 1];
      expect(service).toBe('cloudwatch');
      return { Datapoints: [{ Sum: sums[`${metric} ${dimension}`] ?? 0 }] };
    };
    const aws = (async (...words: readonly string[]) => answer(words)) as Account['aws'];
    return { aws, stage: 'dev', stack: 'Punctual-dev', outputs: {} };
  }

  const SUMS = {
    'ConsumedWriteCapacityUnits Name=TableName,Value=runs': 30,
    'ConsumedWriteCapacityUnits Name=GlobalSecondaryIndexName,Value=g1-index': 10,
    'ConsumedReadCapacityUnits Name=TableName,Value=runs': 20,
    'Invocations Name=FunctionName,Value=api': 90,
    'Invocations Name=FunctionName,Value=deliverer': 5,
    'NumberOfMessagesSent Name=QueueName,Value=queue': 10,
    'delivered Name=stage,Value=dev': 10,
  };

  test('is summed over the tables and their indexes, the functions but the API, and the queues', async () => {
    const used = await usedBy(10, accountWith(SUMS), 0, 60_000);
    expect(used.map(({ counted }) => counted)).toEqual([4, 2, 0.5, 1, 1]);
    expect(() => assertBill(used)).not.toThrow();
  });

  test.each([
    ['write units: more than the bench', { 'ConsumedWriteCapacityUnits Name=TableName,Value=runs': 40 }],
    ['messages: more than the bench', { 'NumberOfMessagesSent Name=QueueName,Value=queue': 20 }],
    ['invocations of functions but the API: CloudWatch', { 'Invocations Name=FunctionName,Value=deliverer': 0 }],
    ['calls that Punctual counted: CloudWatch', { 'delivered Name=stage,Value=dev': 0 }],
  ])('%s', async (fault, change) => {
    const used = await usedBy(10, accountWith({ ...SUMS, ...change }), 0, 60_000);
    expect(() => assertBill(used)).toThrow(fault);
  });
});
