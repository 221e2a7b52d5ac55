import { join } from 'node:path';
import { openJournal } from '../../local/journal.js';
import { type Change, Ledger } from '../../local/sqs/ledger.js';
import type { MessageAttributes } from '../../local/sqs/message-attributes.js';

/** A message that is still in a queue when all is over. */
export interface Leftover {
  readonly queue: string;
  readonly body: string;
  /** By the clock of the stack. */
  readonly sentAt: number;
  readonly attributes: MessageAttributes;
}

/** What a stack that was stopped has left in its queues, delayed messages too. */
export function leftovers(data: string): Leftover[] {
  const { replayed, close } = openJournal<Change>(join(data, 'sqs.journal'));
  close();
  const ledger = new Ledger(Date.now);
  for (const change of replayed) ledger.apply(change);
  return [...ledger.queues.values()].flatMap((queue) =>
    [...queue.messages.values()].map(({ body, sentAt, attributes = {} }) => ({
      queue: queue.name,
      body,
      sentAt,
      attributes,
    })),
  );
}
