import type { SQSRecord } from 'aws-lambda';
import { PlatformError, UnknownFormatError } from '../../../functions/primitives/failed-message.js';
import type { OutgoingMessage } from '../../../functions/queues/queue-sender.js';
import { type FailureRoom, failedMessages } from '../../../functions/runtime/failed-messages.js';
import type { Receipt } from '../../../functions/runtime/receipts.js';
import { countedMetrics } from '../../support/counted-metrics.js';

const NOW = 1_800_000_000_000;
const DAY = 86_400_000;
/** Of the invocation. */
const LEFT_MS = 30_000;
const BODY = '{"kind":"deliver", "run":"run_1", "of_a_later_release":[1,2]}';

function room(change: Partial<FailureRoom> = {}) {
  const sent: OutgoingMessage[] = [];
  const changes: [change: 'hidden' | 'shown', ms: number][] = [];
  const receipt: Receipt = {
    remainingMs: () => LEFT_MS,
    hideFor: (ms) => void changes.push(['hidden', ms]),
    showAfter: (ms) => void changes.push(['shown', ms]),
  };
  const metrics = countedMetrics();
  const { counts } = metrics;
  const logged: unknown[] = [];
  const failed = failedMessages({
    queueOf: () => ({ send: async (message) => void sent.push(message) }),
    settings: { againMs: 5_000, againMostMs: 900_000, poisonMs: DAY },
    metrics,
    log: (_message, details) => void logged.push(details),
    now: () => NOW,
    random: () => 1,
    ...change,
  });
  return { failed, receipt, sent, changes, counts, logged };
}

function received(attributes: Record<string, string> = {}, receives = 1, body = BODY): SQSRecord {
  return {
    messageId: 'm1',
    receiptHandle: 'handle',
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      ApproximateFirstReceiveTimestamp: String(NOW - 3_000),
      MessageGroupId: 'ep_1',
    },
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, stringValue]) => [name, { stringValue, dataType: 'String' }]),
    ),
  } as unknown as SQSRecord;
}

test('a failed message is sent again byte for byte, with its group, and counts its failures', async () => {
  const { failed, receipt, sent, counts, changes } = room();
  await failed.handle(received({ quarantined: '1' }), new TypeError('a bug'), receipt);
  const attributes = { failures: '1', failing_since: `${NOW}`, first_received: `${NOW - 3_000}`, quarantined: '1' };
  expect(sent).toEqual([{ body: BODY, delaySeconds: 5, group: 'ep_1', attributes }]);
  await failed.handle(received({ ...attributes, failing_since: `${NOW - 9}` }), new TypeError('a bug'), receipt);
  expect(sent[1]).toMatchObject({ delaySeconds: 10, attributes: { failures: '2', failing_since: `${NOW - 9}` } });
  // Until the end of the invocation, whatever its other messages take: the message must not be handled beside its copy.
  expect([counts, changes]).toEqual([
    { failed_messages: 2 },
    [
      ['hidden', LEFT_MS],
      ['hidden', LEFT_MS],
    ],
  ]);
});

test('a receive count says nothing: after a thousand receives the first failure is the first', async () => {
  const { failed, receipt, sent } = room({ end: () => Promise.reject(new Error('must not end')) });
  await failed.handle(received({}, 1_000), new TypeError('a bug'), receipt);
  expect(sent).toMatchObject([{ delaySeconds: 5, attributes: { failures: '1' } }]);
});

test('copies of what failed together come back spread', async () => {
  const { failed, receipt, sent } = room({ random: () => 0 });
  await failed.handle(received({ failures: '20', failing_since: '17' }), new PlatformError('throttled'), receipt);
  expect(sent).toMatchObject([{ delaySeconds: 450 }]);
});

test('the message stays with SQS when its copy cannot be sent, hidden for longer each time', async () => {
  const { failed, receipt, changes } = room({
    queueOf: () => ({ send: () => Promise.reject(new PlatformError('no SQS')) }),
  });
  const error = new TypeError('a bug');
  await expect(failed.handle(received({}, 1), error, receipt)).rejects.toBe(error);
  await expect(failed.handle(received({}, 4), error, receipt)).rejects.toBe(error);
  await expect(failed.handle(received({}, 40), error, receipt)).rejects.toBe(error);
  expect(changes).toEqual([
    ['shown', 5_000],
    ['shown', 40_000],
    ['shown', 900_000],
  ]);
});

const POISONED = { failures: '100', failing_since: String(NOW - 2 * DAY) };

test('poison ends, while others succeed, and is counted', async () => {
  const ended: string[] = [];
  const { failed, receipt, sent, counts } = room({ end: async ({ messageId }) => void ended.push(messageId) });
  await failed.handle(received(POISONED), new TypeError('a bug'), receipt);
  expect([ended, sent.length]).toEqual([[], 1]);
  failed.noteSuccess();
  await failed.handle(received(POISONED), new TypeError('a bug'), receipt);
  expect([ended, sent.length]).toEqual([['m1'], 1]);
  expect(counts).toEqual({ failed_messages: 2, stuck_messages: 2, poison_buried: 1 });
});

test('what a platform refuses is never poison', async () => {
  const { failed, receipt, sent } = room({ end: () => Promise.reject(new Error('must not end')) });
  failed.noteSuccess();
  await failed.handle(received(POISONED), new PlatformError('throttled'), receipt);
  expect(sent).toHaveLength(1);
});

test('poison that cannot be ended comes again', async () => {
  const { failed, receipt, sent } = room({ end: () => Promise.reject(new PlatformError('throttled')) });
  failed.noteSuccess();
  await failed.handle(received(POISONED), new TypeError('a bug'), receipt);
  expect(sent).toMatchObject([{ delaySeconds: 900, attributes: { failures: '101' } }]);
});

test('without a run to end, poison is left to the DLQ of its queue', async () => {
  const { failed, receipt, sent, changes } = room();
  failed.noteSuccess();
  await expect(failed.handle(received(POISONED, 3), new TypeError('a bug'), receipt)).rejects.toThrow('a bug');
  expect([sent, changes]).toEqual([[], [['shown', 20_000]]]);
});

test('a message of a later release waits, and is counted apart', async () => {
  const { failed, receipt, sent, counts } = room();
  failed.noteSuccess();
  await failed.handle(received(POISONED), new UnknownFormatError('a token of another release'), receipt);
  expect(sent).toMatchObject([{ body: BODY }]);
  expect(counts).toEqual({ unknown_messages: 1, stuck_messages: 1 });
});

test('the copy says what the worker could not write down', async () => {
  const { failed, receipt, sent } = room({ bodyAfter: () => '{"and":"more"}' });
  await failed.handle(received(), new TypeError('a bug'), receipt);
  expect(sent).toMatchObject([{ body: '{"and":"more"}' }]);
});
