import { randomUUID } from 'node:crypto';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  type QueueAttributeName,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { closeAll, errorOf, openSqs, type TestSqs } from './sqs-on-test.js';

let sqs: TestSqs;

beforeAll(async () => {
  sqs = await openSqs();
});
afterAll(closeAll);

const create = (QueueName: string, Attributes: Partial<Record<QueueAttributeName, string>> = {}) =>
  sqs.client.send(new CreateQueueCommand({ QueueName, Attributes }));
const configured = async (Attributes: Partial<Record<QueueAttributeName, string>>) =>
  (await create(`configured-${randomUUID()}`, Attributes)).QueueUrl!;
const attributesOf = async (QueueUrl: string, names: QueueAttributeName[] = ['All']) =>
  (await sqs.client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: names }))).Attributes;
const send = (QueueUrl: string, DelaySeconds = 0) =>
  sqs.client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'm', DelaySeconds }));

describe('defineQueue', () => {
  it('names the queue by URL and ARN', async () => {
    const { url, arn } = sqs.server.defineQueue({ name: 'deliveries', visibilityTimeoutSeconds: 180 });
    expect(url).toBe(`${sqs.server.url}/000000000000/deliveries`);
    expect(arn).toBe('arn:aws:sqs:us-east-1:000000000000:deliveries');
  });

  it('brings the attributes of an existing queue up to date and keeps its messages', async () => {
    const { name, url } = sqs.queue({ delaySeconds: 1 });
    await send(url);
    sqs.server.defineQueue({ name, visibilityTimeoutSeconds: 7 });
    expect(await attributesOf(url)).toMatchObject({
      VisibilityTimeout: '7',
      DelaySeconds: '0',
      ApproximateNumberOfMessages: '1',
    });
  });
});

describe('send, the door for the scheduler', () => {
  it('puts a message into the queue of that ARN', async () => {
    const { url, arn } = sqs.queue();
    sqs.server.send(arn, '{"wake":"up"}');
    expect(await sqs.receive(url)).toMatchObject([{ Body: '{"wake":"up"}' }]);
  });

  it('throws when there is no such queue', () => {
    expect(() => sqs.server.send('arn:aws:sqs:us-east-1:000000000000:none', 'x')).toThrow('There is no queue');
  });
});

describe('GetQueueAttributes', () => {
  it('shows every attribute of a queue', async () => {
    const target = sqs.queue();
    const redrive = { deadLetterTargetArn: target.arn, maxReceiveCount: 3 };
    const { url, arn } = sqs.queue({ retentionSeconds: 1_209_600, receiveWaitSeconds: 20, redrive });
    expect(await attributesOf(url)).toEqual({
      QueueArn: arn,
      VisibilityTimeout: '30',
      DelaySeconds: '0',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '1209600',
      ReceiveMessageWaitTimeSeconds: '20',
      RedrivePolicy: JSON.stringify(redrive),
      SqsManagedSseEnabled: 'true',
      CreatedTimestamp: expect.stringMatching(/^\d{10}$/),
      LastModifiedTimestamp: expect.stringMatching(/^\d{10}$/),
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '0',
    });
  });

  it('counts visible, delayed and in-flight messages', async () => {
    const { url } = sqs.queue();
    for (const delay of [0, 0, 0, 60, 60]) await send(url, delay);
    await sqs.receive(url, { MaxNumberOfMessages: 1 });
    const counts: QueueAttributeName[] = [
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesDelayed',
    ];
    expect(Object.values((await attributesOf(url, counts)) ?? {}).sort()).toEqual(['1', '2', '2']);
    expect(await attributesOf(url)).toMatchObject({ [counts[1]!]: '1' });
    sqs.advance(60);
    expect(await attributesOf(url)).toMatchObject({ [counts[0]!]: '5', [counts[1]!]: '0', [counts[2]!]: '0' });
  });

  it('gives nothing unasked, and refuses unknown names', async () => {
    const { url } = sqs.queue();
    expect(await attributesOf(url, [])).toBeUndefined();
    expect(await attributesOf(url, ['RedrivePolicy'])).toBeUndefined();
    expect(await errorOf(attributesOf(url, ['Colour' as 'All']))).toBe('InvalidAttributeName');
  });
});

describe('attributes of CreateQueue', () => {
  it('change what they name and nothing else', async () => {
    const target = sqs.queue();
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: target.arn, maxReceiveCount: '4' });
    const url = await configured({ VisibilityTimeout: '90', RedrivePolicy, Policy: '{"Version":"2012-10-17"}' });
    expect(await attributesOf(url)).toMatchObject({
      VisibilityTimeout: '90',
      DelaySeconds: '0',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: target.arn, maxReceiveCount: 4 }),
      Policy: '{"Version":"2012-10-17"}',
    });
    expect(await attributesOf(await configured({ RedrivePolicy: '' }))).not.toHaveProperty('RedrivePolicy');
  });

  it.each([
    [{ VisibilityTimeout: '43201' }, 'InvalidAttributeValue'],
    [{ DelaySeconds: 'soon' }, 'InvalidAttributeValue'],
    [{ MessageRetentionPeriod: '59' }, 'InvalidAttributeValue'],
    [{ Colour: 'red' }, 'InvalidAttributeName'],
    [{ RedrivePolicy: 'none' }, 'InvalidParameterValue'],
    [{ RedrivePolicy: '{"deadLetterTargetArn":"dummy","maxReceiveCount":42}' }, 'InvalidParameterValue'],
    [
      { RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:none","maxReceiveCount":42}' },
      'InvalidParameterValue',
    ],
  ] as [Partial<Record<QueueAttributeName, string>>, string][])('refuses %j', async (attributes, error) => {
    expect(await errorOf(configured(attributes))).toBe(error);
  });

  it('limits the size of messages', async () => {
    const url = await configured({ MaximumMessageSize: '1024' });
    const big = new SendMessageCommand({ QueueUrl: url, MessageBody: 'x'.repeat(1025) });
    expect(await errorOf(sqs.client.send(big))).toBe('InvalidParameterValue');
  });
});

describe('CreateQueue and DeleteQueue', () => {
  it('create once, and again only with the same attributes', async () => {
    const first = await create('twice', { DelaySeconds: '1' });
    expect(await create('twice', { DelaySeconds: '1' })).toMatchObject({ QueueUrl: first.QueueUrl });
    expect(await errorOf(create('twice', { DelaySeconds: '2' }))).toBe('QueueNameExists');
  });

  it.each([
    ['bad name!', 'InvalidParameterValue'],
    ['n'.repeat(81), 'InvalidParameterValue'],
    ['ordered.fifo', 'InvalidParameterValue'],
  ])('refuse the name %s', async (name, error) => {
    expect(await errorOf(create(name))).toBe(error);
  });

  it('delete for good, and keep the name free for a minute', async () => {
    const { QueueUrl } = await create('short-lived');
    await send(QueueUrl!);
    await sqs.client.send(new DeleteQueueCommand({ QueueUrl }));
    expect(await errorOf(send(QueueUrl!))).toBe('QueueDoesNotExist');
    expect(await errorOf(create('short-lived'))).toBe('QueueDeletedRecently');
    sqs.advance(60);
    await create('short-lived');
    expect(await sqs.receive(QueueUrl!)).toEqual([]);
  });
});

describe('PurgeQueue', () => {
  it('deletes everything, but not twice within a minute', async () => {
    const { url } = sqs.queue();
    for (const delay of [0, 0, 60]) await send(url, delay);
    await sqs.receive(url, { MaxNumberOfMessages: 1 });
    await sqs.client.send(new PurgeQueueCommand({ QueueUrl: url }));
    sqs.advance(59);
    expect(await sqs.receive(url)).toEqual([]);
    expect(await errorOf(sqs.client.send(new PurgeQueueCommand({ QueueUrl: url })))).toBe('PurgeQueueInProgress');
    sqs.advance(1);
    expect(await errorOf(sqs.client.send(new PurgeQueueCommand({ QueueUrl: url })))).toBe('no error');
  });
});

describe('the protocol', () => {
  const post = (target: string | undefined, body: string) =>
    fetch(sqs.server.url, { method: 'POST', body, headers: target ? { 'x-amz-target': target } : {} });

  it.each([
    ['AmazonSQS.TagQueue', '{}', 400, 'com.amazonaws.sqs#UnsupportedOperation'],
    ['AmazonSNS.Publish', '{}', 400, 'com.amazonaws.sqs#UnsupportedOperation'],
    [undefined, '{}', 400, 'com.amazonaws.sqs#UnsupportedOperation'],
    ['AmazonSQS.SendMessage', '{', 400, 'com.amazon.coral.service#SerializationException'],
    ['AmazonSQS.SendMessage', '[1]', 400, 'com.amazon.coral.service#MissingRequiredParameterException'],
    ['AmazonSQS.SendMessage', '{"QueueUrl":7}', 400, 'com.amazon.coral.service#SerializationException'],
  ])('answers %s %s with %i %s', async (target, body, status, type) => {
    const response = await post(target, body);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.0');
    expect(response.headers.has('x-amzn-query-error')).toBe(false);
    expect(await response.json()).toMatchObject({ __type: type, message: expect.any(String) });
  });
});
