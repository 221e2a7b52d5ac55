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
import type { Receipt } from './receipts.js';

/** For this long, a success is evidence that other messages get through. */
const EVIDENCE_MS = 60 * 60_000;

/** A queue whose messages a function handles. */
export interface WorkedQueue {
  readonly send: (message: OutgoingMessage) => Promise<void>;
  readonly visibility: Visibility;
}

export interface FailureRoom {
  /** The queue of a message. */
  readonly queueOf: (message: SQSRecord) => Pick<WorkedQueue, 'send'>;
  readonly settings: FailureSettings;
  /** Ends the work behind a poison message. Without `end` the message is left to its queue's DLQ. */
  readonly end?: (message: SQSRecord) => Promise<void>;
  /** The body of the copy, where it differs from the message's body. */
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
   * Sends the message again with a growing delay, or ends its work. Resolves when SQS may delete the message.
   * @throws the error, when SQS must keep the message itself
   */
  handle(message: SQSRecord, error: unknown, receipt: Receipt): Promise<void>;
}

/**
 * Handles the failed messages of all queues. A failed message is sent again as a copy that counts its failures, and the
 * original is acknowledged, so only the code that sees a failure counts it. SQS's own receive count also rises while
 * Lambda throttles or cannot start. The receive count decides only for messages that kill their worker, and for bodies
 * that are no JSON.
 */
export function failedMessages(room: FailureRoom): FailedMessages {
  const { settings, metrics, now } = room;
  let succeededAt = -Infinity;

  return {
    noteSuccess() {
      succeededAt = now();
    },

    async handle(message, error, receipt) {
      const failures = failuresOf(message, now());
      const cause = causeOf(error);
      report(message, error, cause, failures);
      const othersSucceed = now() - succeededAt < EVIDENCE_MS;
      const decision = decideFailure(failures, cause, othersSucceed, now(), settings);
      if (decision.do === 'leave' || (decision.do === 'end' && room.end === undefined))
        return leave(message, error, receipt);
      const passOn =
        decision.do === 'end'
          ? end(room.end!, message, failures)
          : sendAgain(message, error, failures, decision.delayMs);
      await passOn.catch(() => leave(message, error, receipt));
      receipt.hideFor(receipt.remainingMs());
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
    // Jitter: messages that failed together must not come back at the same moment.
    const spread = delayMs * (0.5 + room.random() / 2);
    const group = message.attributes.MessageGroupId;
    await room.queueOf(message).send({
      body: room.bodyAfter?.(error) ?? message.body,
      delaySeconds: Math.ceil(spread / 1000),
      ...(group !== undefined && { group }),
      attributes: { ...attributesOf(message), ...attributesAfter(message, failures) },
    });
  }

  /** If `end` fails as well, the message is sent again. */
  async function end(work: NonNullable<FailureRoom['end']>, message: SQSRecord, failures: Failures): Promise<void> {
    try {
      await work(message);
    } catch (again) {
      return sendAgain(message, again, failures, settings.againMostMs);
    }
    metrics.count('poison_buried');
  }

  /** Shortens the visibility timeout, which is minutes, to the backoff, and leaves the message in its queue. */
  function leave(message: SQSRecord, error: unknown, receipt: Receipt): never {
    const receives = Number(message.attributes.ApproximateReceiveCount);
    receipt.showAfter(delayAfter(receives, settings));
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

/** Unix milliseconds at which the message, or the original of this copy, was first received. */
export function firstReceived({ messageAttributes, attributes }: SQSRecord): number {
  return Number(messageAttributes['first_received']?.stringValue ?? attributes.ApproximateFirstReceiveTimestamp);
}

/** The message's text attributes, which its copy keeps. */
export function attributesOf({ messageAttributes }: SQSRecord): Record<string, string> {
  return Object.fromEntries(
    Object.entries(messageAttributes).flatMap(([name, { stringValue }]) =>
      stringValue === undefined ? [] : [[name, stringValue]],
    ),
  );
}
