import { createQueueSender, createVisibility } from '../queues/queue-sender.js';
import { failureEnv, readEnv } from './env.js';
import type { FailureRoom, WorkedQueue } from './failed-messages.js';
import { inHand } from './in-hand.js';
import { logger } from './logger.js';
import { metrics } from './metrics.js';
import { sqs } from './wiring.js';

export function workedQueue(url: string): WorkedQueue {
  return {
    send: createQueueSender(sqs, url),
    visibility: createVisibility(sqs, url, noteFailure, inHand),
  };
}

const noteFailure = (error: unknown) => logger.warn('visibility not changed', { error: error as Error });

/** The settings and adapters of `FailureRoom` that all functions share. */
export function failureSettings(): Omit<FailureRoom, 'queueOf'> {
  const env = readEnv(failureEnv);
  return {
    settings: {
      againMs: env.FAILED_AGAIN_SECONDS * 1000,
      againMostMs: env.FAILED_AGAIN_MOST_SECONDS * 1000,
      poisonMs: env.POISON_AFTER_SECONDS * 1000,
    },
    metrics,
    log: logger.error,
    now: Date.now,
    random: Math.random,
  };
}
