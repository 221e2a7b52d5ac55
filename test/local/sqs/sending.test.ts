import { SendMessageBatchCommand, SendMessageCommand, type SendMessageCommandInput } from '@aws-sdk/client-sqs';
import { bodiesOf, closeAll, errorOf, openSqs, type TestSqs } from './sqs-on-test.js';

let sqs: TestSqs;
let url: string;

beforeAll(async () => {
  sqs = await openSqs();
});
beforeEach(() => {
  url = sqs.queue().url;
});
afterAll(closeAll);

const send = (input: Partial<SendMessageCommandInput>) =>
  sqs.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'hello', ...input }));

const sendBatch = (entries: { Id: string; MessageBody?: string; DelaySeconds?: number; MessageGroupId?: string }[]) =>
  sqs.client.send(
    new SendMessageBatchCommand({ QueueUrl: url, Entries: entries.map((entry) => ({ MessageBody: 'x', ...entry })) }),
  );

describe('SendMessage', () => {
  it('answers with the id and the MD5 that the SDK checks', async () => {
    const sent = await send({ MessageBody: 'hello' });
    expect(sent.MD5OfMessageBody).toBe('5d41402abc4b2a76b9719d911017c592');
    const [message] = await sqs.receive(url);
    expect(message).toMatchObject({ MessageId: sent.MessageId, Body: 'hello', MD5OfBody: sent.MD5OfMessageBody });
  });

  it('keeps emoji, line breaks, tabs and every other allowed character', async () => {
    const body = 'naïve 🦄👩‍👩‍👧 \t\r\n \u{E000}\u{FFFD}\u{10FFFF}   end';
    await send({ MessageBody: body });
    expect(bodiesOf(await sqs.receive(url))).toEqual([body]);
  });

  it.each(['\u0000', 'a\u0008b', '\u001f', '\ufffe', '\uffff'])('refuses the character %j', async (body) => {
    expect(await errorOf(send({ MessageBody: body }))).toBe('InvalidMessageContents');
  });

  it('refuses a lone surrogate', async () => {
    const request = { QueueUrl: url, MessageBody: 'half \ud83d' };
    const response = await fetch(sqs.server.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonSQS.SendMessage' },
      body: JSON.stringify(request),
    });
    expect(await response.json()).toMatchObject({ __type: 'com.amazonaws.sqs#InvalidMessageContents' });
  });

  it('takes a message of 1 MiB and refuses one byte more, attributes included', async () => {
    const MessageBody = 'é'.repeat(524_288);
    await send({ MessageBody });
    const attribute = { DataType: 'String', StringValue: 'v' };
    expect(await errorOf(send({ MessageBody: `${MessageBody}!` }))).toBe('InvalidParameterValue');
    expect(await errorOf(send({ MessageBody, MessageAttributes: { n: attribute } }))).toBe('InvalidParameterValue');
  });

  it.each([
    ['an empty body', { MessageBody: '' }, 'MissingParameter'],
    ['a delay over 900 s', { DelaySeconds: 901 }, 'InvalidParameterValue'],
    ['a negative delay', { DelaySeconds: -1 }, 'InvalidParameterValue'],
    ['a deduplication id', { MessageDeduplicationId: 'once' }, 'InvalidParameterValue'],
    ['a group id with a space', { MessageGroupId: 'a b' }, 'InvalidParameterValue'],
    ['an empty queue URL', { QueueUrl: '' }, 'MissingParameter'],
  ])('refuses %s', async (_what, input, error) => {
    expect(await errorOf(send(input))).toBe(error);
  });

  it('says which queue is missing, in both error formats', async () => {
    const QueueUrl = `${sqs.server.url}/000000000000/nowhere`;
    const error = await send({ QueueUrl }).catch((thrown) => thrown);
    expect(error).toMatchObject({
      name: 'QueueDoesNotExist',
      message: 'The specified queue does not exist.',
      Code: 'AWS.SimpleQueueService.NonExistentQueue',
      Type: 'Sender',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('finds the queue by the path of its URL, whatever host and port it names', async () => {
    const { pathname } = new URL(url);
    await send({ QueueUrl: `http://127.0.0.1:1${pathname}` });
    await send({ QueueUrl: `https://sqs.us-east-1.amazonaws.com${pathname}` });
    expect(await sqs.receive(url)).toHaveLength(2);
  });
});

describe('message attributes', () => {
  const MessageAttributes = {
    Hello: { DataType: 'String', StringValue: 'There' },
    General: { DataType: 'String', StringValue: 'Kenobi' },
    'Help.Me': { DataType: 'String', StringValue: 'Me' },
  };

  // Digests recorded from AWS.
  it.each([
    [['All'], '4c360f3fdafd970e05fae2f149d997f5'],
    [['.*'], '4c360f3fdafd970e05fae2f149d997f5'],
    [['Hello', 'General'], 'fca026605781cb4126a1e9044df24232'],
    [['Hello', 'Unknown'], 'a311262e065454b75da111d535b8dacd'],
    [['Hel.*'], '83fee93c1bcd8b9a5a923ffacdc636c7'],
    [['Unknown'], undefined],
    [[], undefined],
  ])('gives those that %j names, with the MD5 over them', async (MessageAttributeNames, digest) => {
    const sent = await send({ MessageBody: 'msg', MessageAttributes });
    expect(sent.MD5OfMessageAttributes).toBe('4c360f3fdafd970e05fae2f149d997f5');
    const [message] = await sqs.receive(url, { MessageAttributeNames });
    expect(message?.MD5OfMessageAttributes).toBe(digest);
  });

  it('carries strings, numbers, binary values and custom types', async () => {
    const attributes = {
      text: { DataType: 'String.json', StringValue: '{"a":"ü"}' },
      count: { DataType: 'Number', StringValue: '-1.5e3' },
      bytes: { DataType: 'Binary', BinaryValue: Uint8Array.of(0, 255, 10) },
    };
    const sent = await send({ MessageAttributes: attributes });
    const [message] = await sqs.receive(url, { MessageAttributeNames: ['All'] });
    expect(message?.MessageAttributes).toEqual(attributes);
    expect(message?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
  });

  it('digests a binary value as AWS does', async () => {
    const BinaryValue = Buffer.from('traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01');
    const sent = await send({ MessageBody: 'test', MessageAttributes: { attr1: { DataType: 'Binary', BinaryValue } } });
    expect(sent.MD5OfMessageAttributes).toBe('8cbe4db156db8a94db8b801b7addb984');
  });

  const text = { DataType: 'String', StringValue: 'x' };
  it.each([
    ['an unknown type', { a: { DataType: 'Text', StringValue: 'x' } }],
    ['an empty value', { a: { DataType: 'String', StringValue: '' } }],
    ['a number that is none', { a: { DataType: 'Number', StringValue: 'ten' } }],
    ['a number in another notation', { a: { DataType: 'Number', StringValue: '0x10' } }],
    ['a number with a space', { a: { DataType: 'Number', StringValue: ' 1' } }],
    ['a number beyond 10^126', { a: { DataType: 'Number', StringValue: '1.1e126' } }],
    ['a number below 10^-128', { a: { DataType: 'Number', StringValue: '1e-129' } }],
    ['a number of 39 digits', { a: { DataType: 'Number.int', StringValue: '1'.repeat(39) } }],
    ['a control character', { a: { DataType: 'String', StringValue: 'x\u0001' } }],
    ['a control character in a custom type', { a: { DataType: 'String.json', StringValue: '\u0000' } }],
    ['no type', { a: { StringValue: 'x' } as never }],
    ['a type of 257 letters', { a: { DataType: `String.${'x'.repeat(250)}`, StringValue: 'x' } }],
    ['a reserved name', { 'AWS.a': text }],
    ['a name with a space', { 'a b': text }],
    ['a name of 257 letters', { ['a'.repeat(257)]: text }],
    ['two dots in a row', { 'a..b': text }],
    ['eleven of them', Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`a${n}`, text]))],
  ])('refuses %s', async (_what, attributes) => {
    expect(await errorOf(send({ MessageAttributes: attributes }))).toBe('InvalidParameterValue');
  });

  it('says which characters it allows', async () => {
    const attribute = { DataType: 'String', StringValue: '\u0007' };
    await expect(send({ MessageAttributes: { attribute } })).rejects.toThrow('Invalid characters found');
    await expect(send({ MessageBody: '\u0007' })).rejects.toThrow('Invalid characters found');
    const AWSTraceHeader = attribute;
    expect(await errorOf(send({ MessageSystemAttributes: { AWSTraceHeader } }))).toBe('InvalidParameterValue');
  });

  it.each(['0', '-0.0', '.5', '5.', '+7', '1e126', '-1e126', '1e-128', '1'.repeat(38), '1.10e+2'])(
    'takes the number %s as it is',
    async (StringValue) => {
      await send({ MessageAttributes: { a: { DataType: 'Number', StringValue } } });
      const [message] = await sqs.receive(url, { MessageAttributeNames: ['a'] });
      expect(message?.MessageAttributes?.['a']?.StringValue).toBe(StringValue);
    },
  );

  it('takes names in any script', async () => {
    await send({ MessageAttributes: { 'größe.1_ä-ø': text } });
    const [message] = await sqs.receive(url, { MessageAttributeNames: ['größe.*'] });
    expect(message?.MessageAttributes).toEqual({ 'größe.1_ä-ø': text });
  });

  it('passes the X-Ray header on as a system attribute', async () => {
    const AWSTraceHeader = { DataType: 'String', StringValue: 'Root=1-5759e988-bd862e3fe1be46a994272793' };
    const sent = await send({ MessageSystemAttributes: { AWSTraceHeader } });
    expect(sent.MD5OfMessageSystemAttributes).toMatch(/^[0-9a-f]{32}$/);
    const [message] = await sqs.receive(url, { MessageSystemAttributeNames: ['AWSTraceHeader'] });
    expect(message?.Attributes).toEqual({ AWSTraceHeader: AWSTraceHeader.StringValue });
  });
});

describe('SendMessageBatch', () => {
  it('takes ten, and refuses some without refusing all', async () => {
    const answer = await sendBatch([
      { Id: 'good', MessageBody: 'one' },
      { Id: 'late', DelaySeconds: 901 },
      { Id: 'odd', MessageBody: '\u0001' },
      { Id: 'also-good_2', MessageBody: 'two' },
    ]);
    expect(answer.Successful?.map(({ Id }) => Id)).toEqual(['good', 'also-good_2']);
    expect(answer.Failed).toMatchObject([
      { Id: 'late', Code: 'InvalidParameterValue', SenderFault: true },
      { Id: 'odd', Code: 'InvalidMessageContents', SenderFault: true },
    ]);
    expect(bodiesOf(await sqs.receive(url))).toEqual(['one', 'two']);
  });

  it('leaves out the list of failures when there are none', async () => {
    expect((await sendBatch([{ Id: 'a' }])).Failed).toBeUndefined();
  });

  it.each([
    ['no entry', [], 'EmptyBatchRequest'],
    ['eleven entries', Array.from({ length: 11 }, (_, n) => ({ Id: `${n}` })), 'TooManyEntriesInBatchRequest'],
    ['an id twice', [{ Id: 'a' }, { Id: 'a' }], 'BatchEntryIdsNotDistinct'],
    ['a bad id', [{ Id: 'a:b' }], 'InvalidBatchEntryId'],
    ['an id of 81 letters', [{ Id: 'i'.repeat(81) }], 'InvalidBatchEntryId'],
    ['more than 1 MiB in all', [{ Id: 'a' }, { Id: 'b', MessageBody: 'x'.repeat(1_048_576) }], 'BatchRequestTooLong'],
  ])('refuses %s, whole', async (_what, entries, error) => {
    expect(await errorOf(sendBatch(entries))).toBe(error);
    expect(await sqs.receive(url)).toEqual([]);
  });
});
