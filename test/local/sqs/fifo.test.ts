import {
  CreateQueueCommand,
  DeleteMessageCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
} from '@aws-sdk/client-sqs';
import { bodiesOf, closeAll, errorOf, journalPath, openSqs, type TestSqs } from './sqs-on-test.js';

let sqs: TestSqs;
let url: string;
let made = 0;

beforeAll(async () => {
  sqs = await openSqs();
});
beforeEach(() => {
  url = sqs.queue({ name: `ordered-${++made}.fifo` }).url;
});
afterAll(closeAll);

const send = (MessageBody: string, more: Partial<SendMessageCommandInput> = {}, { client } = sqs) =>
  client.send(
    new SendMessageCommand({
      QueueUrl: url,
      MessageBody,
      MessageGroupId: 'g',
      MessageDeduplicationId: MessageBody,
      ...more,
    }),
  );
const remove = (ReceiptHandle: string | undefined) =>
  sqs.client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));

describe('A FIFO queue', () => {
  it('takes one deduplication id once in five minutes, also if the message is gone', async () => {
    const first = await send('a', { MessageDeduplicationId: 'd' });
    expect(first.SequenceNumber).toMatch(/^\d{20}$/);
    const [message] = await sqs.receive(url, { MessageSystemAttributeNames: ['All'] });
    expect(message!.Attributes).toMatchObject({ MessageGroupId: 'g', MessageDeduplicationId: 'd' });
    await remove(message!.ReceiptHandle);
    const { MessageId, SequenceNumber } = await send('b', { MessageDeduplicationId: 'd' });
    expect({ MessageId, SequenceNumber }).toEqual({
      MessageId: first.MessageId,
      SequenceNumber: first.SequenceNumber,
    });
    expect(await sqs.receive(url)).toEqual([]);
    sqs.advance(300);
    await send('c', { MessageDeduplicationId: 'd' });
    expect(bodiesOf(await sqs.receive(url))).toEqual(['c']);
  });

  it('keeps the order of a group, and gives out none of it while one is in flight', async () => {
    for (const body of ['1', '2', '3']) await send(body);
    await send('other', { MessageGroupId: 'h' });
    const [first] = await sqs.receive(url, { MaxNumberOfMessages: 1 });
    expect(first!.Body).toBe('1');
    const [other] = await sqs.receive(url);
    expect(other!.Body).toBe('other');
    await remove(other!.ReceiptHandle);
    sqs.advance(30);
    const again = await sqs.receive(url, { MaxNumberOfMessages: 1 });
    expect(bodiesOf(again)).toEqual(['1']);
    const next = sqs.receive(url, { WaitTimeSeconds: 10 });
    await remove(again[0]!.ReceiptHandle);
    expect(bodiesOf(await next)).toEqual(['2', '3']);
  });

  it('remembers ids and order across a restart', async () => {
    const journal = journalPath();
    const before = await openSqs(journal);
    url = before.queue({ name: 'kept.fifo' }).url;
    await send('a', {}, before);
    await send('b', {}, before);
    await before.server.close();
    const after = await openSqs(journal);
    url = after.queue({ name: 'kept.fifo' }).url;
    await send('a', {}, after);
    expect(bodiesOf(await after.receive(url))).toEqual(['a', 'b']);
  });

  it.each([
    ['no group', { MessageGroupId: undefined }, 'MissingParameter'],
    ['a group with a space', { MessageGroupId: 'g g' }, 'InvalidParameterValue'],
    ['no deduplication id', { MessageDeduplicationId: undefined }, 'InvalidParameterValue'],
    ['too long a deduplication id', { MessageDeduplicationId: 'd'.repeat(129) }, 'InvalidParameterValue'],
    ['a delay of one message', { DelaySeconds: 1 }, 'InvalidParameterValue'],
  ])('refuses %s', async (_what, more, error) => {
    expect(await errorOf(send('a', more))).toBe(error);
  });

  it.each([
    ['named-so.fifo', 'true', 'no error'],
    ['named-otherwise', 'true', 'InvalidParameterValue'],
    ['without-attribute.fifo', undefined, 'InvalidParameterValue'],
    ['not.fifo', 'false', 'InvalidAttributeName'],
  ])('of the name %s with the attribute %s: %s', async (QueueName, FifoQueue, error) => {
    const Attributes = FifoQueue === undefined ? {} : { FifoQueue };
    expect(await errorOf(sqs.client.send(new CreateQueueCommand({ QueueName, Attributes })))).toBe(error);
  });
});
