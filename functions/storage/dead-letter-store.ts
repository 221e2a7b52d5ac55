import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { shardOf, siblingId } from '../primitives/ids.js';
import { isoTime } from '../primitives/moments.js';
import type { DeadLetterStore } from '../protocol/rules/ports.js';
import type { DeadLetter } from '../subjects/dead-letters/dead-letter.js';
import { deadLetterKey, endpointIndex, openIndex } from './keys.js';
import { fieldsOf, rowOf } from './rows.js';
import { Table } from './table.js';

/** Large values that may be compressed. The last attempt's status and error stay readable in the DynamoDB console. */
const BULKY = ['run.payload.body', 'run.target.headers'].concat(
  ['request_headers', 'response_headers', 'response_body'].map((field) => `last_attempt.${field}`),
);

export function deadLetterItem(letter: DeadLetter): Record<string, unknown> {
  const { endpoint_id } = letter.run;
  const n = shardOf(letter.id);
  const row = {
    ...letter,
    ...deadLetterKey(letter.project_id, letter.id),
    ...(endpoint_id && { endpoint_id, g1: endpointIndex(endpoint_id, n) }),
    ...(letter.status === 'open' && { g2: openIndex(letter.project_id, n) }),
  };
  return rowOf(row, BULKY);
}

export function deadLetterOf(item: Record<string, unknown>): DeadLetter {
  const { endpoint_id: _endpoint, ...letter } = fieldsOf<DeadLetter & { endpoint_id?: string }>(item);
  return letter;
}

export function createDeadLetterStore(client: DynamoDBDocumentClient, name: string): DeadLetterStore {
  const table = new Table(client, name);
  return {
    async find({ project, run }) {
      const row = await table.get(deadLetterKey(project, siblingId('dl', run)));
      return row && deadLetterOf(row);
    },

    async bury(letter) {
      const { epoch } = letter;
      await table.putIf(deadLetterItem(letter), 'attribute_not_exists(pk) OR epoch < :epoch', { epoch });
    },

    async redact(letter) {
      const values = { epoch: letter.epoch, open: 'open' };
      await table.putIf(deadLetterItem(letter), 'epoch = :epoch AND #status <> :open', values);
    },

    markReplayed: (letter, at, bulk_id) => close(letter, 'replayed', at, { bulk_id }),
    markResolved: (letter, at, note) => close(letter, 'resolved', at, { note }),
  };

  function close(
    { project_id, id, epoch }: DeadLetter,
    status: 'replayed' | 'resolved',
    at: number,
    extra: { readonly note?: string; readonly bulk_id?: string | undefined },
  ): Promise<boolean> {
    const changes = { status, updated_at: isoTime(at), ...extra };
    const set = Object.entries(changes).flatMap(([name, value]) => (value === undefined ? [] : `#${name} = :${name}`));
    const isOpen = '#status = :open AND epoch = :epoch';
    const values = { ...changes, open: 'open', epoch };
    return table.updateIf(deadLetterKey(project_id, id), `SET ${set.join(', ')} REMOVE g2`, isOpen, values);
  }
}
