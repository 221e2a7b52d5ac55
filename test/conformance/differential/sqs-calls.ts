import type { MessageAttributeValue, SQSClient } from '@aws-sdk/client-sqs';
import * as sqs from '@aws-sdk/client-sqs';

/** What is done at a server; `urls` are those of the queues that the steps made there, by name. */
export interface Server {
  readonly client: SQSClient;
  readonly urls: Map<string, string>;
}

/** In this order: later steps meet what earlier ones did. */
export type Step = readonly [title: string, perform: (server: Server) => Promise<unknown>];

const text = (StringValue: string): MessageAttributeValue => ({ DataType: 'String', StringValue });
const number = (StringValue: string): MessageAttributeValue => ({ DataType: 'Number', StringValue });
const many = <Value>(count: number, of: (index: number) => Value): Value[] =>
  Array.from({ length: count }, (_, index) => of(index));

const urlOf = ({ urls }: Server, queue: string) => urls.get(queue) ?? [...urls.values()][0]!.replace(/[^/]+$/, queue);

const create =
  (QueueName: string, Attributes: Record<string, string> = {}) =>
  async (server: Server) => {
    const { QueueUrl } = await server.client.send(new sqs.CreateQueueCommand({ QueueName, Attributes }));
    server.urls.set(QueueName, QueueUrl!);
    return QueueName;
  };
const send =
  (queue: string, more: Partial<sqs.SendMessageCommandInput> = {}) =>
  (server: Server) =>
    server.client.send(new sqs.SendMessageCommand({ QueueUrl: urlOf(server, queue), MessageBody: 'x', ...more }));
const sendAll = (queue: string, Entries: sqs.SendMessageBatchRequestEntry[]) => (server: Server) =>
  server.client.send(new sqs.SendMessageBatchCommand({ QueueUrl: urlOf(server, queue), Entries }));
const receive =
  (queue: string, more: Partial<sqs.ReceiveMessageCommandInput> = {}) =>
  async (server: Server): Promise<sqs.Message[]> => {
    const all = { MessageSystemAttributeNames: ['All' as const], MessageAttributeNames: ['All'] };
    const input = { QueueUrl: urlOf(server, queue), MaxNumberOfMessages: 10, ...all, ...more };
    return (await server.client.send(new sqs.ReceiveMessageCommand(input))).Messages ?? [];
  };
const remove = (queue: string, ReceiptHandle: string) => (server: Server) =>
  server.client.send(new sqs.DeleteMessageCommand({ QueueUrl: urlOf(server, queue), ReceiptHandle }));
const hide = (queue: string, ReceiptHandle: string, VisibilityTimeout: number) => (server: Server) =>
  server.client.send(
    new sqs.ChangeMessageVisibilityCommand({ QueueUrl: urlOf(server, queue), ReceiptHandle, VisibilityTimeout }),
  );
const hideAll = (queue: string, Entries: sqs.ChangeMessageVisibilityBatchRequestEntry[]) => (server: Server) =>
  server.client.send(new sqs.ChangeMessageVisibilityBatchCommand({ QueueUrl: urlOf(server, queue), Entries }));
const attributes = (queue: string, AttributeNames: sqs.QueueAttributeName[]) => (server: Server) =>
  server.client.send(new sqs.GetQueueAttributesCommand({ QueueUrl: urlOf(server, queue), AttributeNames }));
const arnOf = async (server: Server, queue: string) =>
  (await attributes(queue, ['QueueArn'])(server)).Attributes!['QueueArn']!;
let made = 0;
const configured = (Attributes: Record<string, string>) => {
  const queue = `configured-${++made}`;
  return create(queue, Attributes);
};
/** With the one message of a queue in hand. */
const withMessage = (perform: (server: Server, queue: string, handle: string) => Promise<unknown>) => {
  const queue = `own-${++made}`;
  return async (server: Server) => {
    await create(queue)(server);
    await send(queue)(server);
    const [message] = await receive(queue)(server);
    return perform(server, queue, message!.ReceiptHandle!);
  };
};
const policy = async (server: Server, to: string, maxReceiveCount: unknown) => {
  const deadLetterTargetArn = (await arnOf(server, 'dead')).replace(/dead$/, to);
  return { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }) };
};
const redrive = (to: string, maxReceiveCount: unknown) => {
  const queue = `redrive-${++made}`;
  return async (server: Server) => create(queue, await policy(server, to, maxReceiveCount))(server);
};
const startMove =
  (more: object = {}) =>
  async (server: Server) =>
    server.client.send(new sqs.StartMessageMoveTaskCommand({ SourceArn: await arnOf(server, 'dead'), ...more }));

const COUNTS: sqs.QueueAttributeName[] = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
];
const MiB = 1_048_576;
const ORDER = { MessageGroupId: 'g', MessageDeduplicationId: 'd' };

const queues: Step[] = [
  ['a queue', create('plain')],
  ['the same queue again', create('plain')],
  ['the same queue with another attribute', create('plain', { VisibilityTimeout: '99' })],
  ['a name with a space', create('a b')],
  ['a name of 80 letters', create('n'.repeat(80))],
  ['a name of 81 letters', create('n'.repeat(81))],
  ['a queue of all attributes', create('all', { VisibilityTimeout: '43200', DelaySeconds: '900' })],
  ['what attributes it has', attributes('all', ['VisibilityTimeout', 'DelaySeconds', 'ReceiveMessageWaitTimeSeconds'])],
  ['an attribute that is not', attributes('plain', ['Nothing' as never])],
  ['too long a visibility', create('no1', { VisibilityTimeout: '43201' })],
  ['too long a delay', create('no2', { DelaySeconds: '901' })],
  ['too short a retention', create('no3', { MessageRetentionPeriod: '59' })],
  ['too long a wait', create('no4', { ReceiveMessageWaitTimeSeconds: '21' })],
  ['a queue of an attribute that is not', create('no5', { Nothing: '1' })],
  ['a visibility that is no number', configured({ VisibilityTimeout: 'long' })],
  ['a message to no queue', send('nowhere')],
  ['messages to no queue', sendAll('nowhere', [{ Id: 'a', MessageBody: 'x' }])],
  ['messages from no queue', receive('nowhere')],
  ['attributes of no queue', attributes('nowhere', ['All'])],
  ['a deletion from no queue', remove('nowhere', 'x')],
];

const messages: Step[] = [
  ['a message', send('plain', { MessageBody: 'hello' })],
  ['an empty body', send('plain', { MessageBody: '' })],
  ['emoji, tabs and line breaks', send('plain', { MessageBody: '😀\t\r\n' })],
  ...['\u0000', 'a\u0007', '\u001f', '\ufffe'].map(
    (body): Step => [`the character ${JSON.stringify(body)}`, send('plain', { MessageBody: body })],
  ),
  ['1 MiB', send('plain', { MessageBody: 'x'.repeat(MiB) })],
  ['1 MiB and a byte', send('plain', { MessageBody: 'x'.repeat(MiB + 1) })],
  ['1 MiB of fewer letters and a byte', send('plain', { MessageBody: `${'é'.repeat(MiB / 2)}x` })],
  ['1 MiB with an attribute', send('plain', { MessageBody: 'x'.repeat(MiB), MessageAttributes: { a: text('x') } })],
  ...[-1, 900, 901].map((DelaySeconds): Step => [`a delay of ${DelaySeconds} s`, send('plain', { DelaySeconds })]),
  ['a group', send('plain', { MessageGroupId: 'g' })],
  ['a group and a delay', send('plain', { MessageGroupId: 'g', DelaySeconds: 1 })],
  ['an empty group', send('plain', { MessageGroupId: '' })],
  ['a group of 128 letters', send('plain', { MessageGroupId: 'g'.repeat(128) })],
  ['a group of 129 letters', send('plain', { MessageGroupId: 'g'.repeat(129) })],
  ['a group with a space', send('plain', { MessageGroupId: 'g g' })],
  ['a deduplication id', send('plain', { MessageDeduplicationId: 'd' })],
  ...Object.entries({
    'of each type': {
      a: text('x'),
      b: number('-1.5e3'),
      c: { DataType: 'Binary', BinaryValue: Buffer.from([0, 255]) },
    },
    'of a custom type': { a: { DataType: 'String.json', StringValue: '{}' } },
    'of an unknown type': { a: { DataType: 'Text', StringValue: 'x' } },
    'of no type': { a: { StringValue: 'x' } as never },
    'of an empty value': { a: text('') },
    'of a control character': { a: text('x\u0001') },
    'of a number that is none': { a: number('ten') },
    'of a number of 38 digits': { a: number('1'.repeat(38)) },
    'of a number too large': { a: number('1e127') },
    'of an empty binary value': { a: { DataType: 'Binary', BinaryValue: Buffer.alloc(0) } },
    'of a name with a space': { 'a b': text('x') },
    'of a reserved name': { 'AWS.a': text('x') },
    'of a name with two dots': { 'a..b': text('x') },
    'of a name of 256 letters': { ['a'.repeat(256)]: text('x') },
    'of a name of 257 letters': { ['a'.repeat(257)]: text('x') },
    'ten at once': Object.fromEntries(many(10, (n) => [`a${n}`, text('x')])),
    'eleven at once': Object.fromEntries(many(11, (n) => [`a${n}`, text('x')])),
  } as Record<string, Record<string, MessageAttributeValue>>).map(
    ([what, MessageAttributes]): Step => [`attributes: ${what}`, send('plain', { MessageAttributes })],
  ),
];

const entries = (count: number, body = 'x') => many(count, (n) => ({ Id: `${n}`, MessageBody: body }));
const batches: Step[] = [
  ['a queue for batches', create('batches')],
  ['a batch of ten', sendAll('batches', entries(10))],
  ['a batch of eleven', sendAll('batches', entries(11))],
  ['a batch of none', sendAll('batches', [])],
  ['a batch with an id twice', sendAll('batches', [...entries(1), ...entries(1)])],
  ['a batch with a bad id', sendAll('batches', [{ Id: 'a b', MessageBody: 'x' }])],
  ['a batch with an id of 81 letters', sendAll('batches', [{ Id: 'a'.repeat(81), MessageBody: 'x' }])],
  ['a batch of 1 MiB', sendAll('batches', entries(2, 'x'.repeat(MiB / 2)))],
  ['a batch of 1 MiB and two bytes', sendAll('batches', entries(2, 'x'.repeat(MiB / 2 + 1)))],
  ...Object.entries({
    'an empty body': { MessageBody: '' },
    'a control character': { MessageBody: '\u0001' },
    'too long a delay': { DelaySeconds: 901 },
    'a bad attribute': { MessageAttributes: { a: text('') } },
    'a control character in an attribute': { MessageAttributes: { a: text('\u0001') } },
    'a deduplication id': { MessageDeduplicationId: 'd' },
    'a bad group': { MessageGroupId: ' ' },
  }).map(
    ([what, more]): Step => [
      `a batch with one of ${what}`,
      sendAll('batches', [...entries(1), { Id: 'other', MessageBody: 'x', ...more }]),
    ],
  ),
];

const receives: Step[] = [
  ['a queue to receive from', create('taken')],
  ['nothing', receive('taken')],
  ...[0, 11].map((n): Step => [`${n} messages`, receive('taken', { MaxNumberOfMessages: n })]),
  ...[-1, 21].map((n): Step => [`a wait of ${n} s`, receive('taken', { WaitTimeSeconds: n })]),
  ...[-1, 43_201].map((n): Step => [`a visibility of ${n} s`, receive('taken', { VisibilityTimeout: n })]),
  ['a system attribute that is not', receive('taken', { MessageSystemAttributeNames: ['Nothing' as never] })],
  [
    'a message to be received',
    send('taken', {
      MessageBody: 'hello',
      MessageGroupId: 'g',
      MessageAttributes: { foo1: text('x'), foo2: text('y'), bar: number('1.50') },
    }),
  ],
  ['all of it', receive('taken', { VisibilityTimeout: 0 })],
  ['two of its attributes', receive('taken', { VisibilityTimeout: 0, MessageAttributeNames: ['foo1', 'bar'] })],
  ['attributes by a prefix', receive('taken', { VisibilityTimeout: 0, MessageAttributeNames: ['foo.*'] })],
  ['all attributes', receive('taken', { VisibilityTimeout: 0, MessageAttributeNames: ['.*'] })],
  [
    'none of its attributes',
    receive('taken', { VisibilityTimeout: 0, MessageAttributeNames: [], MessageSystemAttributeNames: [] }),
  ],
  ['it is hidden now', receive('taken')],
  ['no other consumer gets it', receive('taken')],
  ['how many there are', attributes('taken', COUNTS)],
];

const handles: Step[] = [
  ['a queue for handles', create('held')],
  ['a deletion by a handle that is none', remove('held', 'none')],
  ['a deletion by an empty handle', remove('held', '')],
  ['a visibility by a handle that is none', hide('held', 'none', 1)],
  [
    'deletions by handles that are none',
    (server) =>
      server.client.send(
        new sqs.DeleteMessageBatchCommand({
          QueueUrl: urlOf(server, 'held'),
          Entries: [{ Id: 'a', ReceiptHandle: 'none' }],
        }),
      ),
  ],
  ['a deletion', withMessage((server, queue, handle) => remove(queue, handle)(server))],
  [
    'a deletion again',
    withMessage(async (server, queue, handle) => {
      await remove(queue, handle)(server);
      return remove(queue, handle)(server);
    }),
  ],
  [
    'nothing after a deletion',
    withMessage(async (server, queue, handle) => {
      await remove(queue, handle)(server);
      return attributes(queue, COUNTS)(server);
    }),
  ],
  ...[-1, 43_199, 43_201].map(
    (seconds): Step => [
      `a message hidden for ${seconds} s`,
      withMessage((server, queue, handle) => hide(queue, handle, seconds)(server)),
    ],
  ),
  [
    'what is given back is received again',
    withMessage(async (server, queue, handle) => {
      await hide(queue, handle, 0)(server);
      return receive(queue)(server);
    }),
  ],
  ['visibilities of none', hideAll('held', [])],
  [
    'visibilities by handles that are none',
    hideAll('held', [{ Id: 'a', ReceiptHandle: 'none', VisibilityTimeout: 1 }]),
  ],
  [
    'visibilities by a handle that is one, and by another that is none',
    withMessage((server, queue, ReceiptHandle) =>
      hideAll(queue, [
        { Id: 'a', ReceiptHandle, VisibilityTimeout: 43_199 },
        { Id: 'b', ReceiptHandle: 'none', VisibilityTimeout: 0 },
      ])(server),
    ),
  ],
  [
    'what a batch gives back is received again',
    withMessage(async (server, queue, ReceiptHandle) => {
      await hideAll(queue, [{ Id: 'a', ReceiptHandle, VisibilityTimeout: 0 }])(server);
      return receive(queue)(server);
    }),
  ],
  [
    'hidden after the deletion',
    withMessage(async (server, queue, handle) => {
      await remove(queue, handle)(server);
      return hide(queue, handle, 1)(server);
    }),
  ],
  [
    'a deletion by the handle of another queue',
    withMessage((server, _queue, handle) => remove('held', handle)(server)),
  ],
  [
    'a deletion by the handle of an earlier receive',
    withMessage(async (server, queue, handle) => {
      await hide(queue, handle, 0)(server);
      await receive(queue)(server);
      await remove(queue, handle)(server).catch(() => {});
      return attributes(queue, COUNTS)(server);
    }),
  ],
  ['a queue that delays', create('late', { DelaySeconds: '2' })],
  ['a message that is late', send('late')],
  ['it is not there yet', receive('late')],
  ['it counts as delayed', attributes('late', COUNTS)],
  ['a message that is not late', send('late', { DelaySeconds: 0, MessageBody: 'now' })],
  ['it is there at once', receive('late')],
  ['the late one, by a long poll', receive('late', { WaitTimeSeconds: 5 })],
];

const deadLetters: Step[] = [
  ['a dead-letter queue', create('dead')],
  [
    'its source',
    async (server) => create('lane', { VisibilityTimeout: '0', ...(await policy(server, 'dead', 2)) })(server),
  ],
  ['a message that dies', send('lane', { MessageGroupId: 'g', MessageAttributes: { a: text('x') } })],
  ...many(3, (n): Step => [`its receive ${n + 1}`, receive('lane')]),
  ['the dead letter', receive('dead', { VisibilityTimeout: 0 })],
  ['the dead letter again', receive('dead', { VisibilityTimeout: 0 })],
  ['a move', startMove()],
  ['what was moved', receive('lane', { WaitTimeSeconds: 2 })],
  ['a redrive with its count as text', redrive('dead', '2')],
  ['a redrive to no queue', redrive('nowhere', 2)],
  ['a redrive after 0 receives', redrive('dead', 0)],
  ['a redrive after 1,001 receives', redrive('dead', 1001)],
  ['a redrive without a count', redrive('dead', undefined)],
  ['a redrive that is no JSON', configured({ RedrivePolicy: 'dead' })],
  ['too fast a move', startMove({ MaxNumberOfMessagesPerSecond: 501 })],
  ['a move to nowhere', startMove({ DestinationArn: 'arn:aws:sqs:us-east-1:000000000000:nowhere' })],
];

const once = (body: string, MessageDeduplicationId: string, MessageGroupId = 'g') =>
  send('ordered.fifo', { MessageBody: body, MessageDeduplicationId, MessageGroupId });
const ordered: Step[] = [
  ['a FIFO queue', create('ordered.fifo', { FifoQueue: 'true' })],
  ['a FIFO queue of another name', create('ordered', { FifoQueue: 'true' })],
  ['a message without a group', send('ordered.fifo', { MessageDeduplicationId: 'd' })],
  ['a message without a deduplication id', send('ordered.fifo', { MessageGroupId: 'g' })],
  ['a message that is delayed', send('ordered.fifo', { ...ORDER, DelaySeconds: 1 })],
  ['the first of a group', once('1', 'a')],
  ['the same id again', once('other', 'a')],
  ['the second of the group', once('2', 'b')],
  ['one of another group', once('3', 'c', 'h')],
  ['the first in order', receive('ordered.fifo', { MaxNumberOfMessages: 1 })],
  ['not the second, while the first is in hand', receive('ordered.fifo', { MaxNumberOfMessages: 1 })],
  ['nothing more', receive('ordered.fifo')],
];

const ends: Step[] = [
  ['a purge', (server) => server.client.send(new sqs.PurgeQueueCommand({ QueueUrl: urlOf(server, 'plain') }))],
  ['nothing after it', receive('plain')],
  [
    'the end of a queue',
    (server) => server.client.send(new sqs.DeleteQueueCommand({ QueueUrl: urlOf(server, 'held') })),
  ],
  ['a message to a queue that was', send('held')],
];

export const STEPS: readonly Step[] = [
  ...queues,
  ...messages,
  ...batches,
  ...receives,
  ...handles,
  ...deadLetters,
  ...ordered,
  ...ends,
];
