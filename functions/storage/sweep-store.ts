import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { isoTime } from '../primitives/moments.js';
import type { ProbeToken } from '../protocol/rules/token.js';
import type { ContentPosition, ContentStore } from '../protocol/sweep/end-contents.js';
import type { LaterList, ListName, QueueClocks, Round, Span, SweepStore } from '../protocol/sweep/sweep-ports.js';
import { contentKey, LAST, laterPartition, roundKey, seconds, workedOffKey } from './keys.js';
import { fieldsOf, rowOf } from './rows.js';
import { Table } from './table.js';

/** TTL of a list that waits until its queue is worked off: longer than any outage that messages outlive. */
const KEPT_MS = 31 * 24 * 3_600_000;

/** The reconciler's round, and its lists of things to check later, in the table of runs. */
export function createSweepStore(client: DynamoDBDocumentClient, name: string): SweepStore & ContentStore {
  const table = new Table(client, name);
  return {
    async round() {
      const row = await table.get(roundKey);
      return row && fieldsOf<Round>(row);
    },

    putRound: (round) => table.putVersion(rowOf({ ...roundKey, ...round }, ['behind'])),

    async putLater(project, list) {
      const { queue, at, name } = list;
      const key = { pk: laterPartition(project), sk: `${momentKey(queue, at)}#${name}` };
      await table.put(rowOf({ ...key, ttl: seconds(at + KEPT_MS), ...list }, ['entries']));
    },

    async contentPosition(project) {
      const row = await table.get(contentKey(project));
      return row && fieldsOf<ContentPosition>(row);
    },

    putContentPosition: (project, position) => table.putVersion(rowOf({ ...contentKey(project), ...position }, [])),

    async *later<Name extends ListName>(project: string, queue: Name, { from, until }: Span) {
      // Behind all lists of a moment.
      const [after, last] = [momentKey(queue, from) + LAST, momentKey(queue, until) + LAST];
      const values = { pk: laterPartition(project), after, last };
      const pages = table.pages<object>('pk = :pk AND sk BETWEEN :after AND :last', values, { ConsistentRead: true });
      for await (const items of pages) for (const item of items) yield fieldsOf<LaterList<Name>>(item);
    },
  };
}

const momentKey = (queue: string, at: number): string => `${queue}#${isoTime(at)}`;

/** The moments up to which queues, and groups in them, are worked off. */
export interface WorkedOff extends Pick<QueueClocks, 'workedOff'> {
  /** Notes a probe's arrival. A later probe may have arrived before. */
  note(probe: ProbeToken): Promise<void>;
}

export function createWorkedOff(client: DynamoDBDocumentClient, name: string): WorkedOff {
  const table = new Table(client, name);
  return {
    async note({ queue, group, sent_at: sent }) {
      const isLater = 'attribute_not_exists(pk) OR worked_off < :sent';
      const values = { sent, ttl: seconds(sent + KEPT_MS) };
      await table.updateIf(workedOffKey(queue, group), 'SET worked_off = :sent, #ttl = :ttl', isLater, values);
    },

    workedOff: async ({ queue, group }) => (await table.get(workedOffKey(queue, group)))?.['worked_off'] ?? 0,
  };
}
