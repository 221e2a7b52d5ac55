import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
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

const send = (MessageBody: string, options: { DelaySeconds?: number; MessageGroupId?: string } = {}) =>
  sqs.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody, ...options }));
const remove = (ReceiptHandle: string | undefined) =>
  sqs.client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
const hide = (ReceiptHandle: string | undefined, VisibilityTimeout: number) =>
  sqs.client.send(new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout }));

const systemAttributes = { MessageSystemAttributeNames: ['All' as const] };
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Milliseconds from `since` until the call has its answer. */
async function elapsed<T>(since: number, call: Promise<T>): Promise<{ answer: T; ms: number }> {
  const answer = await call;
  return { answer, ms: Date.now() - since };
}

describe('ReceiveMessage', () => {
  it('hides what it gives, and gives it again with a new handle when the visibility timeout ends', async () => {
    await send('once more');
    const [first] = await sqs.receive(url);
    expect(await sqs.receive(url)).toEqual([]);
    sqs.advance(29);
    expect(await sqs.receive(url)).toEqual([]);
    sqs.advance(1);
    const [second] = await sqs.receive(url);
    expect(second?.MessageId).toBe(first?.MessageId);
    expect(second?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
  });

  it('tells the system attributes that were asked for', async () => {
    const before = sqs.now();
    await send('m', { MessageGroupId: 'endpoint-1' });
    await sqs.receive(url, { VisibilityTimeout: 0 });
    const [message] = await sqs.receive(url, { MessageSystemAttributeNames: ['All'] });
    const { SentTimestamp, ApproximateFirstReceiveTimestamp, ...others } = message?.Attributes ?? {};
    expect(others).toEqual({
      SenderId: expect.any(String),
      ApproximateReceiveCount: '2',
      MessageGroupId: 'endpoint-1',
    });
    expect(Number(SentTimestamp)).toBeGreaterThanOrEqual(before);
    expect(Number(ApproximateFirstReceiveTimestamp)).toBeGreaterThanOrEqual(Number(SentTimestamp));
  });

  it('tells only the named ones, by the old parameter too, and none unasked', async () => {
    await send('m');
    const [all] = await sqs.receive(url, { AttributeNames: ['All'], VisibilityTimeout: 0 });
    expect(all?.Attributes).toMatchObject({ ApproximateReceiveCount: '1' });
    const MessageSystemAttributeNames = ['ApproximateReceiveCount' as const];
    const [one] = await sqs.receive(url, { MessageSystemAttributeNames, VisibilityTimeout: 0 });
    expect(one?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
    const [plain] = await sqs.receive(url);
    expect(plain).not.toHaveProperty('Attributes');
  });

  it('gives one message unless asked for more, each only once even with no visibility timeout', async () => {
    for (const body of ['a', 'b', 'c']) await send(body);
    const one = await sqs.client.send(new ReceiveMessageCommand({ QueueUrl: url, VisibilityTimeout: 0 }));
    expect(one.Messages).toHaveLength(1);
    expect(bodiesOf(await sqs.receive(url, { VisibilityTimeout: 0 })).sort()).toEqual(['a', 'b', 'c']);
  });

  it('leaves out the list when there is nothing', async () => {
    expect(await sqs.client.send(new ReceiveMessageCommand({ QueueUrl: url }))).not.toHaveProperty('Messages');
  });

  it.each([
    [{ MaxNumberOfMessages: 0 }, 'InvalidParameterValue'],
    [{ MaxNumberOfMessages: 11 }, 'InvalidParameterValue'],
    [{ WaitTimeSeconds: 21 }, 'InvalidParameterValue'],
    [{ VisibilityTimeout: 43_201 }, 'InvalidParameterValue'],
    [{ MessageSystemAttributeNames: ['Nonsense' as 'All'] }, 'InvalidAttributeName'],
  ])('refuses %j', async (input, error) => {
    expect(await errorOf(sqs.receive(url, input))).toBe(error);
  });

  it('lets the groups take turns, so that a noisy group starves no other', async () => {
    for (let n = 0; n < 30; n++) await send(`noisy ${n}`, { MessageGroupId: 'noisy' });
    await send('quiet 0', { MessageGroupId: 'quiet' });
    await send('quiet 1', { MessageGroupId: 'quiet' });
    await send('no group');
    const bodies = bodiesOf(await sqs.receive(url));
    expect(bodies).toEqual(expect.arrayContaining(['quiet 0', 'quiet 1', 'no group', 'noisy 0', 'noisy 6']));
  });

  it('forgets messages older than the retention period', async () => {
    const { url: short } = sqs.queue({ retentionSeconds: 60 });
    await sqs.client.send(new SendMessageCommand({ QueueUrl: short, MessageBody: 'old' }));
    sqs.advance(59);
    expect(await sqs.receive(short, { VisibilityTimeout: 0 })).toHaveLength(1);
    sqs.advance(1);
    expect(await sqs.receive(short)).toEqual([]);
  });
});

describe('long polls', () => {
  it('answer within 20 ms of a message being sent', async () => {
    const lags: number[] = [];
    for (let round = 0; round < 10; round++) {
      const poll = sqs.receive(url, { WaitTimeSeconds: 5 });
      await pause(20);
      const { ms } = await elapsed(Date.now(), Promise.all([send('now'), poll]));
      lags.push(ms);
    }
    lags.sort((a, b) => a - b);
    expect(lags[2]).toBeLessThanOrEqual(20); // the slower rounds measure the machine's other work
  });

  it('answer when a delay ends, neither early nor late', async () => {
    const lags: number[] = [];
    for (let n = 0; n < 3; n++) {
      await send('delayed', { DelaySeconds: 1 });
      await pause(40);
    }
    for (let n = 0; n < 3; n++) {
      const [message] = await sqs.receive(url, { ...systemAttributes, WaitTimeSeconds: 5, MaxNumberOfMessages: 1 });
      lags.push(sqs.now() - Number(message?.Attributes?.SentTimestamp) - 1000);
    }
    lags.sort((a, b) => a - b);
    expect(lags[0]).toBeGreaterThanOrEqual(0);
    expect(lags[0]).toBeLessThanOrEqual(20);
    expect(lags[2]).toBeLessThan(250);
  });

  it('answer when a visibility timeout ends', async () => {
    await send('again');
    await sqs.receive(url, { VisibilityTimeout: 1 });
    sqs.advance(0.8);
    const { answer, ms } = await elapsed(Date.now(), sqs.receive(url, { WaitTimeSeconds: 5 }));
    expect(answer).toHaveLength(1);
    expect(ms).toBeGreaterThan(150);
    expect(ms).toBeLessThan(450);
  });

  it('answer when the visibility timeout is brought forward', async () => {
    await send('back at once');
    const [message] = await sqs.receive(url);
    const poll = sqs.receive(url, { WaitTimeSeconds: 5 });
    await pause(20);
    await hide(message?.ReceiptHandle, 0);
    expect(await poll).toHaveLength(1);
  });

  it('come back empty when their time is over, by the default of the queue too', async () => {
    const { url: patient } = sqs.queue({ receiveWaitSeconds: 1 });
    const { answer, ms } = await elapsed(Date.now(), sqs.receive(patient));
    expect(answer).toEqual([]);
    expect(ms).toBeGreaterThanOrEqual(990);
    expect(await errorOf(sqs.receive(patient, { WaitTimeSeconds: 0 }))).toBe('no error');
  });

  it('share what comes in: each message goes to one of them', async () => {
    const polls = Array.from({ length: 5 }, () => sqs.receive(url, { WaitTimeSeconds: 5, MaxNumberOfMessages: 1 }));
    await pause(50);
    const Entries = ['a', 'b', 'c', 'd', 'e'].map((Id) => ({ Id, MessageBody: Id }));
    await sqs.client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    expect(bodiesOf((await Promise.all(polls)).flat()).sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('take no message with them when the caller has hung up', async () => {
    const caller = new AbortController();
    const command = new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 5 });
    const poll = errorOf(sqs.client.send(command, { abortSignal: caller.signal }));
    await pause(50);
    caller.abort();
    expect(await poll).toBe('AbortError');
    await pause(50);
    await send('for somebody who is there');
    expect(await sqs.receive(url)).toHaveLength(1);
  });
});

describe('delays', () => {
  it('come from the message, else from the queue', async () => {
    const { url: slow } = sqs.queue({ delaySeconds: 60 });
    await sqs.client.send(new SendMessageCommand({ QueueUrl: slow, MessageBody: 'own', DelaySeconds: 900 }));
    await sqs.client.send(new SendMessageCommand({ QueueUrl: slow, MessageBody: 'default' }));
    await sqs.client.send(new SendMessageCommand({ QueueUrl: slow, MessageBody: 'none', DelaySeconds: 0 }));
    expect(bodiesOf(await sqs.receive(slow))).toEqual(['none']);
    sqs.advance(60);
    expect(bodiesOf(await sqs.receive(slow))).toContain('default');
    sqs.advance(840);
    expect(bodiesOf(await sqs.receive(slow))).toContain('own');
  });
});

describe('DeleteMessage', () => {
  it('deletes by the newest handle, in flight or visible again, and may be repeated', async () => {
    await send('done');
    const [message] = await sqs.receive(url);
    sqs.advance(31);
    await remove(message?.ReceiptHandle);
    await remove(message?.ReceiptHandle);
    sqs.advance(3600);
    expect(await sqs.receive(url)).toEqual([]);
  });

  it('succeeds without effect by a handle that a later receive replaced', async () => {
    await send('mine now');
    const [stale] = await sqs.receive(url, { VisibilityTimeout: 0 });
    await sqs.receive(url);
    await remove(stale?.ReceiptHandle);
    sqs.advance(31);
    expect(await sqs.receive(url)).toHaveLength(1);
  });

  it('refuses what is no handle, or one of another queue', async () => {
    await send('m');
    const [message] = await sqs.receive(url);
    expect(await errorOf(remove('made-up'))).toBe('ReceiptHandleIsInvalid');
    url = sqs.queue().url;
    expect(await errorOf(remove(message?.ReceiptHandle))).toBe('ReceiptHandleIsInvalid');
  });

  it('works in batches, with partial failures', async () => {
    await send('a');
    const [message] = await sqs.receive(url);
    const answer = await sqs.client.send(
      new DeleteMessageBatchCommand({
        QueueUrl: url,
        Entries: [
          { Id: 'bad', ReceiptHandle: 'made-up' },
          { Id: 'good', ReceiptHandle: message?.ReceiptHandle },
        ],
      }),
    );
    expect(answer.Successful).toEqual([{ Id: 'good' }]);
    expect(answer.Failed).toMatchObject([{ Id: 'bad', Code: 'ReceiptHandleIsInvalid', SenderFault: true }]);
  });
});

describe('ChangeMessageVisibility', () => {
  it('counts from the moment of the call', async () => {
    await send('longer');
    const [message] = await sqs.receive(url);
    sqs.advance(20);
    await hide(message?.ReceiptHandle, 60);
    sqs.advance(59);
    expect(await sqs.receive(url)).toEqual([]);
    sqs.advance(1);
    expect(await sqs.receive(url)).toHaveLength(1);
  });

  it('allows twelve hours from the receive and not a second more', async () => {
    await send('half a day');
    const [message] = await sqs.receive(url);
    await hide(message?.ReceiptHandle, 43_200);
    sqs.advance(10);
    expect(await errorOf(hide(message?.ReceiptHandle, 43_200))).toBe('InvalidParameterValue');
    await hide(message?.ReceiptHandle, 43_189);
    expect(await errorOf(hide(message?.ReceiptHandle, 43_201))).toBe('InvalidParameterValue');
  });

  it('refuses a message that is visible, deleted, or in other hands', async () => {
    await send('gone');
    const [first] = await sqs.receive(url);
    sqs.advance(31);
    expect(await errorOf(hide(first?.ReceiptHandle, 10))).toBe('MessageNotInflight');
    const [second] = await sqs.receive(url);
    expect(await errorOf(hide(first?.ReceiptHandle, 10))).toBe('InvalidParameterValue');
    await remove(second?.ReceiptHandle);
    expect(await errorOf(hide(second?.ReceiptHandle, 10))).toBe('InvalidParameterValue');
    expect(await errorOf(hide('made-up', 10))).toBe('ReceiptHandleIsInvalid');
  });

  it('works in batches, with partial failures', async () => {
    await send('a');
    const [message] = await sqs.receive(url);
    const answer = await sqs.client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: url,
        Entries: [
          { Id: 'now', ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 0 },
          { Id: 'never', ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 50_000 },
        ],
      }),
    );
    expect(answer.Successful).toEqual([{ Id: 'now' }]);
    expect(answer.Failed).toMatchObject([{ Id: 'never', Code: 'InvalidParameterValue' }]);
    expect(await sqs.receive(url)).toHaveLength(1);
  });
});
