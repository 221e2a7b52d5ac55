import {
  ChangeMessageVisibilityBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { createDeadLetterQueue } from '../../../../functions/adapters/queues/dead-letter-queue.js';
import { peekQueue } from '../../../../functions/adapters/queues/queue-peek.js';
import { createQueueSender } from '../../../../functions/adapters/queues/queue-sender.js';
import { createVisibility } from '../../../../functions/adapters/queues/visibility.js';
import { deadLetterNotice } from '../../../../functions/core/run/token.js';

const sqs = mockClient(SQSClient);
const client = new SQSClient({});
beforeEach(() => {
  sqs.reset();
  sqs.onAnyCommand().resolves({});
});

test('changes of visibility that come together travel together, ten at most', async () => {
  const visibility = createVisibility(client, 'https://sqs/lane', (error) => {
    throw error;
  });
  await Promise.all(Array.from({ length: 12 }, (_, index) => visibility.change(`handle-${index}`, 20 + index)));
  const batches = sqs.commandCalls(ChangeMessageVisibilityBatchCommand).map(({ args }) => args[0].input.Entries!);
  expect(batches.map((entries) => entries.length)).toEqual([10, 2]);
  expect(batches.flat().map((entry) => [entry.ReceiptHandle, entry.VisibilityTimeout])).toEqual(
    Array.from({ length: 12 }, (_, index) => [`handle-${index}`, 20 + index]),
  );
});

test('a change of visibility that fails is reported, and fails nothing else', async () => {
  sqs.on(ChangeMessageVisibilityBatchCommand).rejects(new Error('throttled'));
  const errors: unknown[] = [];
  await createVisibility(client, 'https://sqs/lane', (error) => errors.push(error)).change('handle', 5);
  expect(errors).toMatchObject([{ message: 'throttled' }]);
});

test('messages sent together travel together, ten at most, and each sender hears of its own', async () => {
  const refused = { Id: '3', Code: 'InternalError', SenderFault: false };
  sqs
    .on(SendMessageBatchCommand)
    .resolvesOnce({ Failed: [refused], Successful: [] })
    .resolves({ Successful: [] });
  const send = createQueueSender(client, 'https://sqs/lane');
  const results = await Promise.allSettled(Array.from({ length: 12 }, (_, index) => send({ body: `${index}` })));
  expect(results.map(({ status }) => status)).toEqual(
    Array.from({ length: 12 }, (_, index) => (index === 3 ? 'rejected' : 'fulfilled')),
  );
  const batches = sqs.commandCalls(SendMessageBatchCommand).map(({ args }) => args[0].input.Entries!);
  expect(batches.map((entries) => entries.length)).toEqual([10, 2]);
  expect(batches.flat().map(({ MessageBody }) => MessageBody)).toEqual(results.map((_, index) => `${index}`));
});

test('a batch that fails fails all its senders', async () => {
  sqs.on(SendMessageBatchCommand).rejects(new Error('throttled'));
  const send = createQueueSender(client, 'https://sqs/lane');
  const results = await Promise.allSettled([send({ body: 'a' }), send({ body: 'b' })]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test('the copy of a dead letter says in its attributes what died and why', async () => {
  const notice = { project: 'proj_1', dead_letter: 'dl_1', task: 'run_1', endpoint: null, reason: 'blocked', epoch: 0 };
  await createDeadLetterQueue(client, 'https://sqs/dead-letters').send(notice, 'blocked_address');
  const { MessageBody, MessageAttributes } = sqs.commandCalls(SendMessageBatchCommand)[0]!.args[0].input.Entries![0]!;
  expect(deadLetterNotice.parse(JSON.parse(MessageBody!))).toEqual(notice);
  expect(Object.entries(MessageAttributes!).map(([name, { StringValue }]) => [name, StringValue])).toEqual([
    ['project', 'proj_1'],
    ['endpoint', 'inline target'],
    ['task', 'run_1'],
    ['reason', 'blocked'],
    ['last_status', 'blocked_address'],
  ]);
});

test('peeking looks through the queue once, up to a limit, and takes nothing out', async () => {
  const messages = (...bodies: string[]) => ({ Messages: bodies.map((Body) => ({ Body })) });
  sqs.on(ReceiveMessageCommand).resolvesOnce(messages('a', 'b')).resolvesOnce(messages('c')).resolves({});
  const seen: string[] = [];
  for await (const body of peekQueue(client, 'https://sqs/dlq', 100)) seen.push(body);
  expect(seen).toEqual(['a', 'b', 'c']);
  expect(sqs.commandCalls(ReceiveMessageCommand)).toHaveLength(3);
  expect(sqs.calls()).toHaveLength(3);

  sqs.on(ReceiveMessageCommand).resolves(messages('x'));
  const limited: string[] = [];
  for await (const body of peekQueue(client, 'https://sqs/dlq', 5)) limited.push(body);
  expect(limited).toHaveLength(5);
});

test('changes of visibility wait for no more once nothing is worth waiting for', async () => {
  const visibility = createVisibility(client, 'https://sqs/lane', () => {});
  const changed = visibility.change('handle', 20);
  const start = performance.now();
  visibility.flush();
  await changed;
  expect(performance.now() - start).toBeLessThan(40);
});
