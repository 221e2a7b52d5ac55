import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { Broker } from '../../../local/sqs/broker.js';
import { DEFAULT_SETTINGS } from '../../../local/sqs/queue-settings.js';
import { bodiesOf, closeAll, journalPath, openSqs, type TestSqs } from './sqs-on-test.js';

afterAll(closeAll);

/** What a killed process leaves is the journal as it stands; the old server simply never closes. */
const reopen = (journal: string): Promise<TestSqs> => openSqs(journal);

const send = (sqs: TestSqs, QueueUrl: string, MessageBody: string, options = {}) =>
  sqs.client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...options }));
async function eventually(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}
const all = { MessageSystemAttributeNames: ['All' as const], MessageAttributeNames: ['All'] };

describe('a second start on the same journal', () => {
  it('finds queues, messages and attributes, but nothing that was deleted or purged', async () => {
    const journal = journalPath();
    const before = await openSqs(journal);
    const { url, name } = before.queue({ visibilityTimeoutSeconds: 99 });
    await send(before, url, 'done');
    const [done] = await before.receive(url);
    await before.client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: done?.ReceiptHandle }));
    const attribute = { DataType: 'Binary', BinaryValue: Uint8Array.of(1, 2) };
    const sent = await send(before, url, 'kept 🦄', { MessageGroupId: 'g', MessageAttributes: { attribute } });

    const after = await reopen(journal);
    const [kept, ...others] = await after.receive(url.replace(/:\d+/, ':1'), all);
    expect(others).toEqual([]);
    expect(kept).toMatchObject({
      MessageId: sent.MessageId,
      Body: 'kept 🦄',
      MessageAttributes: { attribute },
      Attributes: { MessageGroupId: 'g', ApproximateReceiveCount: '1' },
    });
    const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['VisibilityTimeout'] });
    expect((await after.client.send(command)).Attributes).toEqual({ VisibilityTimeout: '99' });
    expect(after.server.defineQueue({ name, visibilityTimeoutSeconds: 99 }).url).toContain(String(after.server.port));
  });

  it('makes messages in flight visible, with their receive count, and honours their last handle', async () => {
    const journal = journalPath();
    const before = await openSqs(journal);
    const { url } = before.queue({ visibilityTimeoutSeconds: 43_200 });
    await send(before, url, 'in flight');
    await before.receive(url, { VisibilityTimeout: 0 });
    const [held] = await before.receive(url, all);

    const after = await reopen(journal);
    const [again] = await after.receive(url, { ...all, VisibilityTimeout: 0 });
    expect(again?.Attributes).toEqual({ ...held?.Attributes, ApproximateReceiveCount: '3' });
    const last = await reopen(journal);
    await last.client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: again?.ReceiptHandle }));
    expect(await last.receive(url)).toEqual([]);
  });

  it('keeps delays to the millisecond', async () => {
    const journal = journalPath();
    const before = await openSqs(journal);
    const { url } = before.queue();
    await send(before, url, 'later', { DelaySeconds: 1 });

    const after = await reopen(journal);
    expect(await after.receive(url)).toEqual([]);
    const [message] = await after.receive(url, { ...all, WaitTimeSeconds: 3 });
    const lag = Date.now() - Number(message?.Attributes?.SentTimestamp) - 1000;
    expect(lag).toBeGreaterThanOrEqual(0);
    expect(lag).toBeLessThan(250);
  });

  it('remembers where SQS moved messages from, and goes on with a move task', async () => {
    const journal = journalPath();
    const before = await openSqs(journal);
    const dead = before.queue({ name: 'dead' });
    const lane = before.queue({ name: 'lane', redrive: { deadLetterTargetArn: dead.arn, maxReceiveCount: 1 } });
    for (const body of 'abcd') await send(before, lane.url, body);
    for (let n = 0; n < 2; n++) await before.receive(lane.url, { VisibilityTimeout: 0 });
    await before.client.send(
      new StartMessageMoveTaskCommand({ SourceArn: dead.arn, MaxNumberOfMessagesPerSecond: 10 }),
    );
    const taskOf = async (sqs: TestSqs) =>
      (await sqs.client.send(new ListMessageMoveTasksCommand({ SourceArn: dead.arn }))).Results?.[0];
    await eventually(async () => (await taskOf(before))?.ApproximateNumberOfMessagesMoved === 1);

    const after = await reopen(journal);
    expect((await taskOf(after))?.Status).toBe('RUNNING');
    await eventually(async () => (await taskOf(after))?.Status === 'COMPLETED');
    expect(await taskOf(after)).toMatchObject({ ApproximateNumberOfMessagesMoved: 4 });
    expect(bodiesOf(await after.receive(lane.url)).sort()).toEqual(['a', 'b', 'c', 'd']);
    expect(await after.receive(dead.url)).toEqual([]);
  });

  it('finds the same after a clean stop, which frees the port and may be asked for twice', async () => {
    const journal = journalPath();
    const before = await openSqs(journal);
    const { url, arn } = before.queue();
    before.server.send(arn, 'kept');
    const poll = before.receive(before.queue().url, { WaitTimeSeconds: 20 }).catch(() => []);
    await Promise.all([before.server.close(), before.server.close()]);
    expect(await poll).toEqual([]);
    expect(() => before.server.send(arn, 'too late')).toThrow('closed');
    expect(await (await reopen(journal)).receive(url)).toMatchObject([{ Body: 'kept' }]);
  });

  it('survives a real kill in the middle of sending, without losing an acknowledged message', async () => {
    const journal = journalPath();
    const acknowledged = killedWhileSending(journal);
    const after = await openSqs(journal);
    const url = `${after.server.url}/000000000000/killed`;
    const found = new Set<string>();
    for (let batch = await after.receive(url); batch.length > 0; batch = await after.receive(url))
      for (const body of bodiesOf(batch)) found.add(body);
    expect(acknowledged).toBeGreaterThan(5);
    for (let n = 0; n < acknowledged; n++) expect(found).toContain(`m${n}`);
  });
});

/** Runs a server in a process of its own that kills itself; returns how many sends it had answered. */
function killedWhileSending(journal: string): number {
  const script = `
    const { startSqs } = require(${JSON.stringify(`${process.cwd()}/local/sqs/server.ts`)});
    startSqs({ journalFile: ${JSON.stringify(journal)} }).then((server) => {
      const { arn } = server.defineQueue({ name: 'killed', visibilityTimeoutSeconds: 30 });
      for (let n = 0; n < 50; n++) {
        server.send(arn, 'm' + n);
        require('node:fs').writeSync(1, n + '\\n');
      }
      process.kill(process.pid, 'SIGKILL');
    });`;
  try {
    execFileSync(process.execPath, ['--import', 'tsx', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  } catch (error) {
    const { signal, stdout } = error as { signal: string; stdout: Buffer };
    if (signal === 'SIGKILL') return stdout.toString().trim().split('\n').length;
  }
  throw new Error('The server did not kill itself.');
}

describe('the journal', () => {
  it('counts what happens while it is compacted, and counts it once', async () => {
    const journal = journalPath();
    const broker = new Broker(journal, Date.now);
    const receiveAll = async (from: Broker) => {
      const received = [];
      const poll = () => from.poll(from.find('many')!, { max: 10, visibilitySeconds: 30 }, 0, AbortSignal.abort());
      for (let some = await poll(); some.length > 0; some = await poll()) received.push(...some);
      return received.map(({ message }) => message);
    };
    const queue = broker.define('many', DEFAULT_SETTINGS);
    // It is compacted beyond 8 MB, 500 messages at a time.
    for (let n = 0; n < 800; n++) broker.send(queue, { body: 'x'.repeat(12_000) });
    expect(existsSync(`${journal}.next`)).toBe(true);
    await receiveAll(broker);
    await eventually(async () => !existsSync(`${journal}.next`));
    broker.close();

    const after = new Broker(journal, Date.now);
    const messages = await receiveAll(after);
    expect(new Set(messages.map(({ id }) => id)).size).toBe(800);
    expect(messages.filter(({ receives }) => receives !== 2)).toEqual([]);
    after.close();
  });

  it('is compacted while running and at the next start, down to what lives', async () => {
    const journal = journalPath();
    const sqs = await openSqs(journal);
    const { url, arn } = sqs.queue({ name: 'busy' });
    sqs.server.send(arn, 'stays');
    await sqs.receive(url);
    const body = 'x'.repeat(1_000_000);
    for (let n = 0; n < 20; n++) {
      sqs.server.send(arn, body);
      const { Messages } = await sqs.client.send(new ReceiveMessageCommand({ QueueUrl: url }));
      const ReceiptHandle = Messages?.[0]?.ReceiptHandle;
      await sqs.client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
    }
    expect(statSync(journal).size).toBeLessThan(12_000_000);
    const after = await reopen(journal);
    expect(readFileSync(journal, 'utf8').trim().split('\n')).toHaveLength(2);
    expect(await after.receive(url, all)).toMatchObject([
      { Body: 'stays', Attributes: { ApproximateReceiveCount: '2' } },
    ]);
  });
});
