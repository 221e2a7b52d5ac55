import { createHash } from 'node:crypto';
import {
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  ResourceNotFoundException,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { deliverToken } from '../../../functions/protocol/messages/send-run.js';
import 'aws-sdk-client-mock-jest';
import fc from 'fast-check';
import { makeId } from '../../../functions/primitives/ids.js';
import type { DeliverToken } from '../../../functions/protocol/rules/token.js';
import { createWakeUps } from '../../../functions/queues/wake-ups.js';
import { aRun, START } from '../../support/memory-world.js';

const sqs = mockClient(SQSClient);
const scheduler = mockClient(SchedulerClient);
const clock = { now: () => START, sleep: async () => {} };
const lane = (name: string) => ({ url: `https://sqs/${name}`, arn: `arn:aws:sqs:us-east-1:1:${name}` });
const settings = {
  lanes: { fast: lane('fast'), slow: lane('slow') },
  wakeUpQueueUrl: 'https://sqs/wake-ups',
  wakeUpQueueArn: 'arn:aws:sqs:us-east-1:1:wake-ups',
  scheduleGroup: 'group',
  schedulerRoleArn: 'arn:aws:iam::1:role/r',
  schedulerDlqArn: 'arn:aws:sqs:us-east-1:1:dlq',
};
const wakeUps = createWakeUps(new SQSClient({}), () => new SchedulerClient({}), settings, clock);

beforeEach(() => {
  forgetMessages();
  forgetSchedules();
});

function forgetMessages(): void {
  sqs.reset();
  sqs.onAnyCommand().resolves({});
}

function forgetSchedules(): void {
  scheduler.reset();
  scheduler.onAnyCommand().resolves({});
}

function tokenDue(due: number, attempt = 1): DeliverToken {
  return deliverToken(aRun(), attempt, due, START);
}

async function delayOf(token: DeliverToken, due = token.due): Promise<number> {
  forgetMessages();
  await wakeUps.sendToLane('fast', token, due);
  return sqs.commandCalls(SendMessageBatchCommand)[0]!.args[0].input.Entries![0]!.DelaySeconds!;
}

async function armed(token: DeliverToken) {
  forgetSchedules();
  await wakeUps.sendToLane('fast', token, token.due);
  return scheduler.commandCalls(CreateScheduleCommand)[0]!.args[0].input;
}

test('what is due now goes to its lane at once, in the group of its endpoint', async () => {
  const token = tokenDue(START);
  await wakeUps.sendToLane('slow', token, START);
  expect(sqs).toHaveReceivedCommandWith(SendMessageBatchCommand, {
    QueueUrl: 'https://sqs/slow',
    Entries: [{ Id: '0', MessageBody: JSON.stringify(token), DelaySeconds: 0, MessageGroupId: token.group }],
  });
});

test('a first attempt arrives one to two seconds early, everything else up to a second late', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2_000, max: 900_000 }), async (wait) => {
      const early = wait - (await delayOf(tokenDue(START + wait))) * 1000;
      expect(early).toBeGreaterThanOrEqual(1_000);
      expect(early).toBeLessThan(2_000);
      const late = (await delayOf(tokenDue(START + wait, 2))) * 1000 - wait;
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThan(1_000);
    }),
  );
});

test('a first attempt that is put back for something else than its due moment does not come early', async () => {
  expect(await delayOf(tokenDue(START - 5_000), START + 1_500)).toBe(2);
});

test('beyond 15 minutes EventBridge Scheduler sends the message early enough to be put back exactly', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 900_001, max: 400 * 86_400_000 }), async (wait) => {
      const token = tokenDue(START + wait);
      const input = await armed(token);
      const at = Date.parse(`${input.ScheduleExpression!.slice(3, -1)}Z`);
      // Fired a minute late, at least 30 s must remain; fired at once, no more than SQS can delay.
      expect(token.due - at).toBeGreaterThanOrEqual(90_000);
      expect(at).toBeGreaterThanOrEqual(START + 59_000);
      if (wait > 900_000 + 60_000) expect(token.due - at).toBeLessThanOrEqual(900_000);
      expect(input.Name).toMatch(/^[0-9a-zA-Z-_.]{1,64}$/);
    }),
  );
  expect(sqs).not.toHaveReceivedCommand(SendMessageBatchCommand);
});

test('a wake-up is deleted after it fired, and ends in the DLQ when it cannot', async () => {
  const token = tokenDue(START + 86_400_000);
  expect(await armed(token)).toMatchObject({
    GroupName: 'group',
    ScheduleExpressionTimezone: 'UTC',
    FlexibleTimeWindow: { Mode: 'OFF' },
    ActionAfterCompletion: 'DELETE',
    Target: {
      Arn: 'arn:aws:sqs:us-east-1:1:fast',
      RoleArn: settings.schedulerRoleArn,
      Input: JSON.stringify(token),
      DeadLetterConfig: { Arn: settings.schedulerDlqArn },
    },
  });
});

test('wake-ups of the same moment are spread', async () => {
  const moments = new Set<string>();
  for (let index = 0; index < 20; index++) {
    const run = aRun({ id: makeId('run', START, createHash('sha256').update(`${index}`).digest()) });
    moments.add((await armed(deliverToken(run, 1, START + 86_400_000, START))).ScheduleExpression!);
  }
  expect(moments.size).toBeGreaterThan(10);
});

test('arming what is armed, and disarming what is not, is done already', async () => {
  const $metadata = {};
  scheduler.on(CreateScheduleCommand).rejects(new ConflictException({ $metadata, message: 'there', Message: 'there' }));
  await wakeUps.sendToLane('fast', tokenDue(START + 86_400_000), START + 86_400_000);
  scheduler
    .on(DeleteScheduleCommand)
    .rejects(new ResourceNotFoundException({ $metadata, message: 'gone', Message: 'gone' }));
  await wakeUps.disarm(aRun().id, 1);
  scheduler.on(DeleteScheduleCommand).rejects(new Error('throttled'));
  await expect(wakeUps.disarm(aRun().id, 1)).rejects.toThrow('throttled');
});

test('a wake-up is disarmed by the name it was armed under', async () => {
  const run = aRun();
  const due = START + 86_400_000;
  const { Name } = await armed(deliverToken(run, 3, due, START));
  await wakeUps.disarm(run.id, 3);
  expect(scheduler).toHaveReceivedCommandWith(DeleteScheduleCommand, { GroupName: 'group', Name });
});

test('a turn at a rate limit comes up to a second early, what is rounded up after it, and its copies alike', async () => {
  const at = START + 5_400;
  const turning = { ...tokenDue(START - 60_000, 3), turn: { n: 1, at } };
  expect(await delayOf(turning, at)).toBe(5);
  expect(await delayOf(turning, at + 1)).toBe(6);
  expect(await delayOf({ ...turning, attempt: 1 }, START + 300)).toBe(1);
});

test.each([
  [0, undefined, 0],
  [3, undefined, 1],
  [0, 7, 7],
])('a message to the dispatcher put back %d times, to wait %p s, is delayed by %d s', async (hop, wait, expected) => {
  const token = { kind: 'release', project: 'p', endpoint: 'e', rev: 1, sent_at: START, hop } as const;
  await wakeUps.sendToDispatcher(token, wait);
  expect(sqs.commandCalls(SendMessageBatchCommand)[0]!.args[0].input.Entries![0]!.DelaySeconds).toBe(expected);
});

test('two turns that were booked for one attempt, far ahead, are two schedules', async () => {
  const token = tokenDue(START);
  const names: string[] = [];
  for (const at of [START + 3_600_000, START + 3_600_250]) {
    forgetSchedules();
    await wakeUps.sendToLane('fast', { ...token, turn: { n: 1, at } }, at);
    names.push(scheduler.commandCalls(CreateScheduleCommand)[0]!.args[0].input.Name!);
  }
  expect(new Set(names).size).toBe(2);
  for (const name of names) expect(name).toMatch(/^[\w.-]{1,64}$/);
});
