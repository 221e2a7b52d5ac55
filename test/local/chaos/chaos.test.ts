import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { awsFaults } from '../../../local/chaos/aws-faults.js';
import { createChaos } from '../../../local/chaos/chaos.js';
import { randomFrom } from '../../../local/chaos/random.js';
import { type AwsCall, startInterception } from '../../../local/interception.js';
import type { Answer } from '../../../local/loopback-server.js';

const CALL: AwsCall = { service: 'dynamodb', operation: 'GetItem', environment: '', body: Buffer.alloc(0) };
const DONE: Answer = { status: 200, headers: {}, body: Buffer.from('{}') };

/** What becomes of so many calls, and how many took effect. */
async function fates(seed: number, calls: number) {
  const intercept = awsFaults({ ...randomFrom(seed, 'aws'), between: () => 0 });
  const fates: string[] = [];
  let effects = 0;
  for (let call = 0; call < calls; call++) {
    const before = effects;
    const answer = await intercept(CALL, async () => {
      effects++;
      return DONE;
    });
    fates.push(`${answer?.status ?? 'lost'} ${effects > before ? 'done' : 'not done'}`);
  }
  return fates;
}

test('the same seed makes the same faults, another seed others', async () => {
  expect(await fates(1, 500)).toEqual(await fates(1, 500));
  expect(await fates(1, 500)).not.toEqual(await fates(2, 500));
});

test('calls are refused, lost before and lost after their effect; most go well', async () => {
  const all = await fates(3, 2_000);
  expect(new Set(all)).toEqual(new Set(['200 done', '400 not done', '500 not done', 'lost not done', 'lost done']));
  expect(all.filter((fate) => fate === '200 done').length).toBeGreaterThan(1_700);
});

test('the numbers are evenly spread, and each stream has its own', () => {
  const random = randomFrom(1, 'a');
  const drawn = Array.from({ length: 10_000 }, () => random.between(0, 10));
  for (let digit = 0; digit < 10; digit++)
    expect(Math.abs(drawn.filter((one) => one === digit).length - 1_000)).toBeLessThan(150);
  expect(randomFrom(1, 'a').next()).not.toBe(randomFrom(1, 'b').next());
});

describe('the SDK takes a refusal for what it is', () => {
  const access = { region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 1 };
  const clients = {
    dynamodb: (endpoint: string) => new DynamoDBClient({ ...access, endpoint }).send(new ListTablesCommand({})),
    sqs: (endpoint: string) =>
      new SQSClient({ ...access, endpoint }).send(new SendMessageCommand({ QueueUrl: endpoint, MessageBody: 'x' })),
    scheduler: (endpoint: string) =>
      new SchedulerClient({ ...access, endpoint }).send(
        new CreateScheduleCommand({
          Name: 'x',
          ScheduleExpression: 'at(2030-01-01T00:00:00)',
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: { Arn: 'a', RoleArn: 'b' },
        }),
      ),
  } as const;
  const always = (luck: number) => ({ ...randomFrom(1, ''), between: () => 5, next: () => luck });

  test.each([
    ['dynamodb', 'ProvisionedThroughputExceededException', 'InternalServerError'],
    ['sqs', 'RequestThrottled', 'InternalFailure'],
    ['scheduler', 'ThrottlingException', 'InternalServerException'],
  ] as const)('%s: %s and %s', async (service, throttled, failed) => {
    for (const [luck, name] of [
      [0.001, throttled],
      [0.015, failed],
    ] as const) {
      const server = await startInterception(service, () => DONE, awsFaults(always(luck)));
      await expect(clients[service](server.url)).rejects.toMatchObject({ name });
      await server.close();
    }
  });
});

test('a schedule fires within a minute of its moment, always at the same one, and sooner when in a hurry', () => {
  const { timers } = createChaos({ seed: 1 });
  const [armed, due] = [1_000_000, 9_000_000];
  const moments = Array.from({ length: 50 }, (_, n) => timers.firesAt(`arn:${n}`, armed, due));
  expect(Math.max(...moments.map((at) => Math.abs(at - due)))).toBeLessThanOrEqual(60_000);
  expect(moments.some((at) => at < due) && moments.some((at) => at > due)).toBe(true);
  expect(timers.firesAt('arn:0', armed, due)).toBe(moments[0]);
  const hurried = createChaos({ seed: 1, schedulerSpeed: 100 }).timers.firesAt('arn:0', armed, due);
  expect(hurried - armed).toBeCloseTo((moments[0]! - armed) / 100);
});
