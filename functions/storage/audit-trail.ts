import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { mapBounded } from '../primitives/map-bounded.js';
import type { AuditEntry, AuditTrail, ChangeEntry } from '../subjects/audit/audit-entry.js';
import { AUDIT_RESULT_SUFFIX, auditKey, auditPartition, isLive, type Key, seconds } from './keys.js';
import { fieldsOf, rowOf } from './rows.js';
import { Table } from './table.js';

const KEPT_MS = 400 * 24 * 60 * 60 * 1000;
/** Number of projects that are queried at the same time. */
const PARALLEL = 10;

type Item = Key & { readonly ttl: number };

export function createAuditTrail(client: DynamoDBDocumentClient, name: string, clock: { now(): number }): AuditTrail {
  const table = new Table(client, name);
  /** Ids are random, so an item that is there already was put by a try whose reply was lost. */
  async function add(item: Item): Promise<void> {
    await table.putIf(item, 'attribute_not_exists(pk)');
  }

  /** Strongly consistent: a reader goes on behind the newest entry, so an entry missed now is never read. */
  async function oldest(partition: string, after: string, until: string, limit: number): Promise<AuditEntry[]> {
    const found: AuditEntry[] = [];
    const range = { pk: partition, after, until };
    const pages = table.pages<Item>('pk = :pk AND sk BETWEEN :after AND :until', range, {
      ConsistentRead: true,
      Limit: 2 * (limit + 1), // a change and its result are two items
    });
    // The next page starts behind the newest entry of this page, so no project may have stopped before that entry.
    for await (const items of pages) {
      const live = items.filter((item) => isLive(item, clock.now()));
      for (const item of live.filter(({ sk }) => sk > after && sk < until)) addTo(found, item);
      if (found.length > limit) break; // so that the result of the last entry is read, too
    }
    return found;
  }

  return {
    put: (entry) => add(itemOf(entry)),
    putResult: (change) => add(resultOf(change)),

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

/** Sorts right behind its change. */
function resultOf({ project_id, id, at, status, after }: ChangeEntry): Item {
  const row = { ...auditKey(project_id, id + AUDIT_RESULT_SUFFIX), ttl: seconds(at + KEPT_MS), status };
  return rowOf({ ...row, after: JSON.stringify(after ?? null) }, ['after']);
}

/** Adds the item's entry, or a change's result to its entry; a result whose change lies before the list has no place. */
function addTo(found: AuditEntry[], item: Item): void {
  if (!item.sk.endsWith(AUDIT_RESULT_SUFFIX)) return void found.push(entryOf(item));
  const change = found.at(-1);
  if (change?.type !== 'change' || item.sk !== change.id + AUDIT_RESULT_SUFFIX) return;
  const { status, after } = fieldsOf<{ readonly status: number; readonly after: string }>(item);
  found[found.length - 1] = { ...change, status, after: JSON.parse(after) };
}

function entryOf(item: Item): AuditEntry {
  const entry = fieldsOf<AuditEntry>(item);
  if (entry.type !== 'change') return entry;
  return { ...entry, before: JSON.parse(entry.before as string), after: JSON.parse(entry.after as string) };
}
