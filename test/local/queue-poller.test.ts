import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import type { FunctionPool } from '../../local/function-pool.js';
import type { QueueClient } from '../../local/queue-client.js';
import { type QueueMapping, QueuePoller } from '../../local/queue-poller.js';

/** A queue in memory that hands each message out once and records what was deleted. */
class MemoryQueue implements QueueClient {
  readonly deleted: string[] = [];
  readonly asked: number[] = [];
  failures = 0;
  private readonly ready: Message[] = [];
  private wake = (): void => {};

  send(...ids: string[]): void {
    this.ready.push(...ids.map((MessageId) => ({ MessageId, ReceiptHandle: `r-${MessageId}`, Body: MessageId })));
    this.wake();
  }

  async receive(max: number, waitSeconds: number, signal: AbortSignal): Promise<Message[]> {
    this.asked.push(max);
    if (this.failures-- > 0) throw new Error('throttled');
    if (this.ready.length === 0) await this.arrival(waitSeconds, signal);
    signal.throwIfAborted();
    return this.ready.splice(0, Math.min(max, 10));
  }

  async delete(messages: readonly { receiptHandle: string }[]): Promise<void> {
    this.deleted.push(...messages.map(({ receiptHandle }) => receiptHandle.slice(2)));
  }

  private arrival(waitSeconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, waitSeconds * 1000);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
      signal.addEventListener('abort', () => this.wake());
    });
  }
}

const pollers: QueuePoller[] = [];
const printed: string[] = [];

/** Starts a poller on a new queue; `handle` is the function behind it. */
function poll(handle: (ids: string[]) => unknown, mapping: Partial<QueueMapping> = {}): MemoryQueue {
  const queue = new MemoryQueue();
  const invoke = async (event: SQSEvent) => handle(event.Records.map(({ messageId }) => messageId));
  const pool = { invoke, definition: { name: 'fn' } } as unknown as FunctionPool;
  const defaults = { queueArn: 'arn:q', batchSize: 10, windowSeconds: 0, maximumConcurrency: 2, reportsFailures: true };
  pollers.push(new QueuePoller({ ...defaults, ...mapping }, queue, pool, (_, line) => printed.push(line)));
  return queue;
}

afterEach(() => Promise.all(pollers.splice(0).map((poller) => poller.close())));

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await sleep(2);
};

test('what succeeded is deleted, what failed stays', async () => {
  const queue = poll((ids) => ({ batchItemFailures: ids.includes('b') ? [{ itemIdentifier: 'b' }] : [] }));
  queue.send('a', 'b', 'c');
  await until(() => queue.deleted.length === 2);
  expect(queue.deleted).toEqual(['a', 'c']);
});

test('a batch whose function fails stays as a whole, and polling goes on', async () => {
  const queue = poll((ids) => {
    if (ids.includes('bad')) throw new Error('no');
  });
  queue.send('bad', 'x');
  await sleep(10);
  queue.send('good');
  await until(() => queue.deleted.length > 0);
  expect(queue.deleted).toEqual(['good']);
  expect(printed).toContain('batch failed: no');
});

test('never more batches at once than the maximum, and none received that could not be handed over', async () => {
  let together = 0;
  const seen: number[] = [];
  const queue = poll(
    async () => {
      seen.push(++together);
      await sleep(20);
      together--;
    },
    { batchSize: 1, maximumConcurrency: 3 },
  );
  queue.send(...Array.from({ length: 9 }, (_, n) => `${n}`));
  await sleep(5);
  expect(queue.asked).toHaveLength(3);
  await until(() => queue.deleted.length === 9);
  expect(Math.max(...seen)).toBe(3);
});

test('without a window a batch takes what is there', async () => {
  const batches: string[][] = [];
  const queue = poll((ids) => void batches.push(ids), { batchSize: 10 });
  queue.send('a');
  await until(() => batches.length === 1);
  queue.send('b', 'c');
  await until(() => batches.length === 2);
  expect(batches).toEqual([['a'], ['b', 'c']]);
});

test('with a window a batch gathers up to its size, over several receives', async () => {
  const batches: string[][] = [];
  const queue = poll((ids) => void batches.push(ids), { batchSize: 12, windowSeconds: 1 });
  queue.send('0');
  await sleep(20);
  queue.send(...Array.from({ length: 12 }, (_, n) => `${n + 1}`));
  await until(() => batches.length === 2);
  expect(batches.map((batch) => batch.length)).toEqual([12, 1]);
  expect(queue.asked.slice(0, 3)).toEqual([12, 11, 1]);
});

test('a receive that fails is tried again', async () => {
  const queue = poll(() => null);
  queue.failures = 1;
  queue.send('a');
  await until(() => queue.deleted.length === 1);
});

test('closing ends a long poll; what is under way can be waited for', async () => {
  let finished = false;
  const queue = poll(async () => {
    await sleep(50);
    finished = true;
  });
  queue.send('a');
  await until(() => queue.asked.length === 2);
  await pollers[0]!.close();
  expect(finished).toBe(false);
  await pollers[0]!.drained();
  expect([finished, queue.deleted]).toEqual([true, ['a']]);
});
