import type { SQSRecord } from 'aws-lambda';
import {
  causeOf,
  decideFailure,
  delayAfter,
  type FailureCause,
  type FailureSettings,
  type Failures,
  STUCK_FAILURES,
} from '../primitives/failed-message.js';
import type { Metrics } from '../primitives/metrics.js';
import type { OutgoingMessage, Visibility } from '../queues/queue-sender.js';
import { idsIn } from './ids-in.js';

/** A success says that other messages get through for so long. */
const EVIDENCE_MS = 60 * 60_000;

/** A queue that a function works off. */
export interface WorkedQueue {
  readonly send: (message: OutgoingMessage) => Promise<void>;
  readonly visibility: Visibility;
}

export interface FailureRoom {
  /** Where the messages come from. */
  readonly queueOf: (message: SQSRecord) => WorkedQueue;
  readonly settings: FailureSettings;
  /** Ends the work behind a message of which nothing will ever come. Without it the message is left to its queue's DLQ. */
  readonly end?: (message: SQSRecord) => Promise<void>;
  /** What the copy has to say, where that is something else than the message said. */
  readonly bodyAfter?: (error: unknown) => string | undefined;
  readonly metrics: Metrics;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
  readonly now: () => number;
  readonly random: () => number;
}

export interface FailedMessages {
  /** The message's work was done. */
  noteSuccess(): void;
  /**
   * Sees to it that the message comes again, later and later, or ends. Resolves when SQS may forget the message.
   * @param remainingMs how long the invocation may still take: SQS forgets the message at its end
   * @throws the error, when SQS must keep the message itself
   */
  handle(message: SQSRecord, error: unknown, remainingMs: number): Promise<void>;
}

/**
 * The one room for messages whose handling has failed, of all queues. A failed message is sent again as a copy that counts
 * its failures, and the original is acknowledged: so failures are counted by the code that sees them, and by nothing else.
 * SQS counts how often it handed a message out, which also happens while Lambda throttles or no function can start. That
 * count only matters for what kills its worker, and for bodies that are no JSON.
 */
export function failedMessages(room: FailureRoom): FailedMessages {
  const { settings, metrics, now } = room;
  let succeededAt = -Infinity;

  return {
    noteSuccess() {
      succeededAt = now();
    },

    async handle(message, error, remainingMs) {
      const failures = failuresOf(message, now());
      const cause = causeOf(error);
      report(message, error, cause, failures);
      const othersSucceed = now() - succeededAt < EVIDENCE_MS;
      const decision = decideFailure(failures, cause, othersSucceed, now(), settings);
      if (decision.do === 'leave' || (decision.do === 'end' && room.end === undefined)) return leave(message, error);
      const passOn =
        decision.do === 'end'
          ? end(room.end!, message, failures)
          : sendAgain(message, error, failures, decision.delayMs);
      await passOn.catch(() => leave(message, error));
      await hideUntil(message, remainingMs);
    },
  };

  function report(message: SQSRecord, error: unknown, cause: FailureCause, { count }: Failures): void {
    metrics.count(cause === 'unknown' ? 'unknown_messages' : 'failed_messages');
    if (count >= STUCK_FAILURES) metrics.count('stuck_messages');
    room.log('message failed', {
      messageId: message.messageId,
      ...idsIn(message.body),
      failures: count,
      cause,
      error: error as Error,
    });
  }

  async function sendAgain(message: SQSRecord, error: unknown, failures: Failures, delayMs: number): Promise<void> {
    // Many that failed together must not all come back at the same moment.
    const spread = delayMs * (0.5 + room.random() / 2);
    const group = message.attributes.MessageGroupId;
    await room.queueOf(message).send({
      body: room.bodyAfter?.(error) ?? message.body,
      delaySeconds: Math.ceil(spread / 1000),
      ...(group !== undefined && { group }),
      attributes: { ...attributesOf(message), ...attributesAfter(message, failures) },
    });
  }

  /** If ending fails as well, the message comes again like any other. */
  async function end(work: NonNullable<FailureRoom['end']>, message: SQSRecord, failures: Failures): Promise<void> {
    try {
      await work(message);
    } catch (again) {
      return sendAgain(message, again, failures, settings.againMostMs);
    }
    metrics.count('poison_buried');
  }

  /** Other messages of the batch may take longer than this one is hidden. Beside its copy it would be handled twice. */
  function hideUntil(message: SQSRecord, remainingMs: number): Promise<void> {
    return room
      .queueOf(message)
      .visibility.change(message.receiptHandle, Math.ceil(Math.max(0, remainingMs) / 1000) + 1);
  }

  /** The queue's own visibility timeout is minutes. */
  async function leave(message: SQSRecord, error: unknown): Promise<never> {
    const receives = Number(message.attributes.ApproximateReceiveCount);
    const seconds = Math.ceil(delayAfter(receives, settings) / 1000);
    await room.queueOf(message).visibility.change(message.receiptHandle, seconds);
    throw error;
  }
}

function failuresOf({ messageAttributes }: SQSRecord, now: number): Failures {
  const before = Number(messageAttributes['failures']?.stringValue ?? 0);
  const since = Number(messageAttributes['failing_since']?.stringValue ?? now);
  return { count: before + 1, since };
}

function attributesAfter(message: SQSRecord, { count, since }: Failures): Record<string, string> {
  return { failures: String(count), failing_since: String(since), first_received: String(firstReceived(message)) };
}

/** When the message, or the one that it is a copy of, first came out of its queue (Unix milliseconds). */
export function firstReceived({ messageAttributes, attributes }: SQSRecord): number {
  return Number(messageAttributes['first_received']?.stringValue ?? attributes.ApproximateFirstReceiveTimestamp);
}

/** What else the message carries goes along. */
function attributesOf({ messageAttributes }: SQSRecord): Record<string, string> {
  return Object.fromEntries(
    Object.entries(messageAttributes).flatMap(([name, { stringValue }]) =>
      stringValue === undefined ? [] : [[name, stringValue]],
    ),
  );
}
