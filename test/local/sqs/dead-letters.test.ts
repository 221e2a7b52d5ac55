import {
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  SendMessageCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { bodiesOf, closeAll, errorOf, openSqs, type TestSqs } from './sqs-on-test.js';

type TestQueue = ReturnType<TestSqs['queue']>;

let sqs: TestSqs;
let lane: TestQueue;
let dead: TestQueue;

beforeAll(async () => {
  sqs = await openSqs();
});
beforeEach(() => {
  dead = sqs.queue({ name: `dead-${Math.random()}`.replace('.', '') });
  lane = sqs.queue({ redrive: { deadLetterTargetArn: dead.arn, maxReceiveCount: 2 } });
});
afterAll(closeAll);

const send = (queue: TestQueue, MessageBody: string, options = {}) =>
  sqs.client.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody, ...options }));
const everything = { MessageSystemAttributeNames: ['All' as const], MessageAttributeNames: ['All'] };

/** Sends messages and receives them so often that SQS moves them to the dead-letter queue. */
async function bury(queue: TestQueue, ...bodies: string[]): Promise<void> {
  for (const body of bodies) await send(queue, body);
  for (let receive = 0; receive < 3; receive++) await sqs.receive(queue.url, { VisibilityTimeout: 0 });
}

const start = (source: TestQueue, options: { DestinationArn?: string; MaxNumberOfMessagesPerSecond?: number } = {}) =>
  sqs.client.send(new StartMessageMoveTaskCommand({ SourceArn: source.arn, ...options }));
const tasksOf = async (source: TestQueue, MaxResults = 10) =>
  (await sqs.client.send(new ListMessageMoveTasksCommand({ SourceArn: source.arn, MaxResults }))).Results ?? [];

/** The newest task of the queue once it has ended. */
async function ended(source: TestQueue) {
  for (;;) {
    const [task] = await tasksOf(source, 1);
    if (task?.Status !== 'RUNNING') return task;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('redrive to the dead-letter queue', () => {
  it('happens on the receive after the last allowed one, and keeps the message as it was', async () => {
    const attribute = { DataType: 'String', StringValue: 'v' };
    const sent = await send(lane, 'poison', { MessageAttributes: { attribute }, MessageGroupId: 'g' });
    const [first] = await sqs.receive(lane.url, { ...everything, VisibilityTimeout: 0 });
    expect(await sqs.receive(lane.url, { VisibilityTimeout: 0 })).toHaveLength(1);
    expect(await sqs.receive(dead.url)).toEqual([]);
    sqs.advance(5);
    expect(await sqs.receive(lane.url)).toEqual([]);
    const [buried] = await sqs.receive(dead.url, everything);
    expect(buried).toMatchObject({
      MessageId: sent.MessageId,
      Body: 'poison',
      MessageAttributes: { attribute },
      Attributes: {
        SentTimestamp: first?.Attributes?.SentTimestamp,
        ApproximateFirstReceiveTimestamp: first?.Attributes?.ApproximateFirstReceiveTimestamp,
        ApproximateReceiveCount: '3',
        MessageGroupId: 'g',
        DeadLetterQueueSourceArn: lane.arn,
      },
    });
  });

  it('counts for each queue what was received there', async () => {
    const last = sqs.queue();
    const middle = sqs.queue({ redrive: { deadLetterTargetArn: last.arn, maxReceiveCount: 2 } });
    const first = sqs.queue({ redrive: { deadLetterTargetArn: middle.arn, maxReceiveCount: 2 } });
    await send(first, 'poison');
    const counts = async (queue: TestQueue) => {
      const [message] = await sqs.receive(queue.url, { ...everything, VisibilityTimeout: 0 });
      return message?.Attributes?.ApproximateReceiveCount;
    };
    expect([await counts(first), await counts(first), await counts(first)]).toEqual(['1', '2', undefined]);
    expect([await counts(middle), await counts(middle), await counts(middle)]).toEqual(['3', '4', undefined]);
    expect(await counts(last)).toBe('5');
  });

  it('wakes a long poll at the dead-letter queue', async () => {
    const poll = sqs.receive(dead.url, { WaitTimeSeconds: 5 });
    await bury(lane, 'poison');
    expect(bodiesOf(await poll)).toEqual(['poison']);
  });

  it('makes room for the next message in the same receive', async () => {
    await send(lane, 'poison');
    for (let receive = 0; receive < 2; receive++) await sqs.receive(lane.url, { VisibilityTimeout: 0 });
    await send(lane, 'healthy');
    expect(bodiesOf(await sqs.receive(lane.url, { MaxNumberOfMessages: 1 }))).toEqual(['healthy']);
  });

  it('leaves messages where they are while the dead-letter queue is missing', async () => {
    await sqs.client.send(new DeleteQueueCommand({ QueueUrl: dead.url }));
    await bury(lane, 'poison');
    expect(bodiesOf(await sqs.receive(lane.url))).toEqual(['poison']);
  });
});

describe('StartMessageMoveTask', () => {
  it('sends each message back to its own source, as a new message', async () => {
    const other = sqs.queue({ redrive: { deadLetterTargetArn: dead.arn, maxReceiveCount: 2 } });
    const { MessageId } = await send(lane, 'of lane');
    await bury(lane);
    await bury(other, 'of other');
    await start(dead);
    expect(await ended(dead)).toEqual({
      Status: 'COMPLETED',
      SourceArn: dead.arn,
      ApproximateNumberOfMessagesMoved: 2,
      ApproximateNumberOfMessagesToMove: 2,
      StartedTimestamp: expect.any(Number),
    });
    const [back] = await sqs.receive(lane.url, everything);
    expect(back).toMatchObject({ Body: 'of lane', Attributes: { ApproximateReceiveCount: '1' } });
    expect(back?.MessageId).not.toBe(MessageId);
    expect(back?.Attributes).not.toHaveProperty('DeadLetterQueueSourceArn');
    expect(bodiesOf(await sqs.receive(other.url))).toEqual(['of other']);
  });

  it('fails at a message that was sent there and never came from a queue', async () => {
    await send(dead, 'by code');
    await start(dead);
    expect(await ended(dead)).toMatchObject({
      Status: 'FAILED',
      FailureReason: 'CouldNotDetermineMessageSource',
      ApproximateNumberOfMessagesMoved: 0,
    });
    expect(bodiesOf(await sqs.receive(dead.url))).toEqual(['by code']);
  });

  it('moves even those to a named destination', async () => {
    const replay = sqs.queue();
    await send(dead, 'by code');
    await bury(lane, 'by SQS');
    await start(dead, { DestinationArn: replay.arn });
    expect(await ended(dead)).toMatchObject({ Status: 'COMPLETED', DestinationArn: replay.arn });
    expect(bodiesOf(await sqs.receive(replay.url)).sort()).toEqual(['by SQS', 'by code']);
  });

  it('leaves messages in flight alone', async () => {
    await bury(lane, 'held', 'free');
    await sqs.receive(dead.url, { MaxNumberOfMessages: 1 });
    await start(dead);
    expect(await ended(dead)).toMatchObject({ ApproximateNumberOfMessagesToMove: 1 });
    expect(await sqs.receive(lane.url)).toHaveLength(1);
  });

  it('keeps to the rate', async () => {
    await bury(lane, ...'abcdef');
    const begun = Date.now();
    await start(dead, { MaxNumberOfMessagesPerSecond: 10 });
    expect(await ended(dead)).toMatchObject({ Status: 'COMPLETED', MaxNumberOfMessagesPerSecond: 10 });
    expect(Date.now() - begun).toBeGreaterThanOrEqual(600);
    expect(Date.now() - begun).toBeLessThan(1500);
  });

  it('runs once at a time', async () => {
    await bury(lane, ...'abc');
    const { TaskHandle } = await start(dead, { MaxNumberOfMessagesPerSecond: 20 });
    expect(await errorOf(start(dead))).toBe('InvalidParameterValue');
    expect(await tasksOf(dead)).toMatchObject([
      { Status: 'RUNNING', TaskHandle, ApproximateNumberOfMessagesToMove: 3 },
    ]);
    expect(await ended(dead)).not.toHaveProperty('TaskHandle');
    await bury(lane, 'd');
    await start(dead);
    expect(await ended(dead)).toMatchObject({ Status: 'COMPLETED' });
    expect(await tasksOf(dead)).toHaveLength(2);
  });

  it('fails when the destination is deleted meanwhile', async () => {
    const replay = sqs.queue();
    await bury(lane, 'a', 'b');
    await start(dead, { DestinationArn: replay.arn, MaxNumberOfMessagesPerSecond: 10 });
    await sqs.client.send(new DeleteQueueCommand({ QueueUrl: replay.url }));
    expect(await ended(dead)).toMatchObject({
      Status: 'FAILED',
      FailureReason: 'AWS.SimpleQueueService.NonExistentQueue',
    });
    const AttributeNames = ['ApproximateNumberOfMessages' as const];
    const left = await sqs.client.send(new GetQueueAttributesCommand({ QueueUrl: dead.url, AttributeNames }));
    expect(left.Attributes).toEqual({ ApproximateNumberOfMessages: '2' });
  });

  it('refuses a queue that no redrive policy names, and unknown queues', async () => {
    const nowhere = `${dead.arn}-not`;
    expect(await errorOf(start(lane))).toBe('InvalidParameterValue');
    expect(await errorOf(start({ ...dead, arn: nowhere }))).toBe('ResourceNotFoundException');
    expect(await errorOf(start(dead, { DestinationArn: nowhere }))).toBe('ResourceNotFoundException');
    expect(await errorOf(start(dead, { MaxNumberOfMessagesPerSecond: 501 }))).toBe('InvalidParameterValue');
  });
});
