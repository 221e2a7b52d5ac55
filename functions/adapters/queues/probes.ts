import type { SQSClient } from '@aws-sdk/client-sqs';
import type { ProbeToken } from '../../core/run/token.js';
import type { QueueClocks, QueueName } from '../../core/sweep/sweep-ports.js';
import { createQueueSender } from './queue-sender.js';

/** Sends probes through the queues with these URLs. One of no group that work belongs to has a group of its own. */
export function createProbes(sqs: SQSClient, urls: Readonly<Record<QueueName, string>>): Pick<QueueClocks, 'probe'> {
  const senders = {
    fast: createQueueSender(sqs, urls.fast),
    slow: createQueueSender(sqs, urls.slow),
    'wake-ups': createQueueSender(sqs, urls['wake-ups']),
  };
  return {
    probe({ queue, group }, sent_at) {
      const token: ProbeToken = { kind: 'probe', project: '', queue, ...(group && { group }), sent_at, hop: 0 };
      return senders[queue]({
        body: JSON.stringify(token),
        ...(queue !== 'wake-ups' && { group: group ?? token.kind }),
      });
    },
  };
}
