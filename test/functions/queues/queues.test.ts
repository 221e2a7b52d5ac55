import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import 'aws-sdk-client-mock-jest';
import { deadLetterNotice, laneMessage, wakeUpToken } from '../../../functions/protocol/rules/token.js';
import { createDeadLetterQueue } from '../../../functions/queues/dead-letter-queue.js';
import { createProbes, createQuarantine } from '../../../functions/queues/quarantine.js';
import { createQueueSender, createVisibility } from '../../../functions/queues/queue-sender.js';

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

test('what lies in a DLQ is looked at once, with what it takes to send it back', async () => {
  const attributes = { quarantined: { DataType: 'String', StringValue: '2' }, bytes: { DataType: 'Binary' } };
  const system = { SentTimestamp: '1800000000000', MessageGroupId: 'ep_1' };
  const message = { Body: 'a', ReceiptHandle: 'r', MessageAttributes: attributes, Attributes: system };
  sqs
    .on(ReceiveMessageCommand)
    .resolvesOnce({ Messages: [message, { Body: 'b', ReceiptHandle: 's', Attributes: { SentTimestamp: '5' } }] })
    .resolves({});
  const seen: unknown[] = [];
  for await (const messages of createQuarantine(client, 'fast', 'https://sqs/dlq', 'https://sqs/lane').messages())
    seen.push(...messages);
  expect(seen).toEqual([
    { body: 'a', attributes: { quarantined: '2' }, group: 'ep_1', sentAt: 1_800_000_000_000, receipt: 'r' },
    { body: 'b', attributes: {}, group: undefined, sentAt: 5, receipt: 's' },
  ]);
  expect(sqs.commandCalls(ReceiveMessageCommand)[0]!.args[0].input).toMatchObject({
    QueueUrl: 'https://sqs/dlq',
    MessageAttributeNames: ['All'],
    MessageSystemAttributeNames: ['SentTimestamp', 'MessageGroupId'],
  });
  expect(sqs.calls()).toHaveLength(2);
});

test('a message is sent back before it is taken out, and what stays is shown again', async () => {
  sqs.on(SendMessageBatchCommand).rejectsOnce(new Error('throttled')).resolves({ Successful: [] });
  const quarantine = createQuarantine(client, 'fast', 'https://sqs/dlq', 'https://sqs/lane');
  const apart = { body: 'a', attributes: {}, group: 'ep_1', sentAt: 5, receipt: 'r' };
  await expect(quarantine.sendBack(apart, { quarantined: '1' })).rejects.toThrow('throttled');
  expect(sqs.commandCalls(DeleteMessageCommand)).toEqual([]);
  await quarantine.sendBack(apart, { quarantined: '1' });
  const [, again] = sqs.commandCalls(SendMessageBatchCommand);
  expect(again!.args[0].input).toMatchObject({
    QueueUrl: 'https://sqs/lane',
    Entries: [
      {
        MessageBody: 'a',
        MessageGroupId: 'ep_1',
        MessageAttributes: { quarantined: { DataType: 'String', StringValue: '1' } },
      },
    ],
  });
  expect(sqs.commandCalls(DeleteMessageCommand)[0]!.args[0].input).toEqual({
    QueueUrl: 'https://sqs/dlq',
    ReceiptHandle: 'r',
  });
  await quarantine.leave(Array.from({ length: 12 }, (_, n) => ({ ...apart, receipt: `${n}` })));
  const shown = sqs.commandCalls(ChangeMessageVisibilityBatchCommand).map(({ args }) => args[0].input);
  expect(shown.flatMap(({ Entries }) => Entries)).toEqual(
    Array.from({ length: 12 }, (_, n) => ({ Id: `${n % 10}`, ReceiptHandle: `${n}`, VisibilityTimeout: 0 })),
  );
  expect(shown.map(({ QueueUrl }) => QueueUrl)).toEqual(['https://sqs/dlq', 'https://sqs/dlq']);
});

test('a probe says through which queue and group it was sent, and when; its kind shares a lane as a group of its own', async () => {
  const urls = { fast: 'https://sqs/fast', slow: 'https://sqs/slow', 'wake-ups': 'https://sqs/wake-ups' };
  const { probe } = createProbes(client, urls);
  await probe({ queue: 'slow' }, 5);
  await probe({ queue: 'fast', group: 'ep_1' }, 6);
  await probe({ queue: 'wake-ups' }, 7);
  const sent = sqs.commandCalls(SendMessageBatchCommand).map(({ args }) => args[0].input);
  const tokens = sent.map(({ Entries }) => JSON.parse(Entries![0]!.MessageBody!));
  expect(tokens.map((token, n) => (n < 2 ? laneMessage : wakeUpToken).parse(token))).toEqual([
    { kind: 'probe', project: '', queue: 'slow', sent_at: 5, hop: 0 },
    { kind: 'probe', project: '', queue: 'fast', group: 'ep_1', sent_at: 6, hop: 0 },
    { kind: 'probe', project: '', queue: 'wake-ups', sent_at: 7, hop: 0 },
  ]);
  expect(sent.map(({ QueueUrl, Entries }) => [QueueUrl, Entries![0]!.MessageGroupId])).toEqual([
    [urls.slow, 'probe'],
    [urls.fast, 'ep_1'],
    [urls['wake-ups'], undefined],
  ]);
});
