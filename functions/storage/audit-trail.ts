import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mapBounded } from '../primitives/map-bounded.js';
import type { AuditEntry, AuditTrail } from '../subjects/audit/audit-entry.js';
import { auditKey, auditPartition, isLive, type Key, seconds } from './keys.js';
import { queryPages } from './newest-items.js';
import { fieldsOf, rowOf } from './rows.js';

const KEPT_MS = 400 * 24 * 60 * 60 * 1000;
/** Number of projects that are queried at the same time. */
const PARALLEL = 10;

type Item = Key & { readonly ttl: number };

export function createAuditTrail(client: DynamoDBDocumentClient, table: string, clock: { now(): number }): AuditTrail {
  /** Strongly consistent: a reader goes on behind the newest entry, so an entry missed now is never read. */
  async function oldest(partition: string, after: string, until: string, limit: number): Promise<AuditEntry[]> {
    const found: AuditEntry[] = [];
    const pages = queryPages<Item>(client, {
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :after AND :until',
      ExpressionAttributeValues: { ':pk': partition, ':after': after, ':until': until },
      ConsistentRead: true,
      Limit: limit + 2, // BETWEEN includes its bounds
    });
    // The next page starts behind the newest entry of this page, so no project may have stopped before that entry.
    for await (const items of pages) {
      const live = items.filter((item) => isLive(item, clock.now()));
      const inside = live.filter(({ sk }) => sk > after && sk < until);
      found.push(...inside.map(entryOf));
      if (found.length >= limit) break;
    }
    return found;
  }

  return {
    async put(entry) {
      await client.send(new PutCommand({ TableName: table, Item: itemOf(entry) }));
    },

    async remove({ project_id, id }) {
      await client.send(new DeleteCommand({ TableName: table, Key: auditKey(project_id, id) }));
    },

    async list(projects, after, until, limit) {
      if (after >= until) return []; // BETWEEN refuses such bounds
      const found = await mapBounded(projects, PARALLEL, (id) => oldest(auditPartition(id), after, until, limit));
      const all = found.flat().sort((a, b) => (a.id < b.id ? -1 : 1));
      return all.slice(0, limit);
    },
  };
}

/** JSON of objects before and after a change is stored as text: it may be nested deeper than an item's 32 levels. */
function itemOf(entry: AuditEntry): Item {
  const row = { ...auditKey(entry.project_id, entry.id), ttl: seconds(entry.at + KEPT_MS), ...entry };
  if (entry.type !== 'change') return rowOf(row, []);
  const texts = { before: JSON.stringify(entry.before ?? null), after: JSON.stringify(entry.after ?? null) };
  return rowOf({ ...row, ...texts }, ['before', 'after']);
}

function entryOf(item: Item): AuditEntry {
  const entry = fieldsOf<AuditEntry>(item);
  if (entry.type !== 'change') return entry;
  return { ...entry, before: JSON.parse(entry.before as string), after: JSON.parse(entry.after as string) };
}
