import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { IdPrefix } from '../primitives/ids.js';
import { type Key, valueIn } from './keys.js';
import { newestItems } from './newest-items.js';
import { Table } from './table.js';

/** Objects, one item each. A change is a conditional write on the `version` that it was made from. */
export interface Documents {
  /** Strongly consistent, as is every read here. */
  read<T extends object>(key: Key): Promise<T | undefined>;
  /** Puts the object if there is none; answers the stored object. */
  create<T extends object>(key: Key, value: T): Promise<T>;
  /**
   * Reads, changes and writes, and repeats this after each concurrent write. Answers the stored object, undefined when
   * there is none. `change` may be called several times; it returns its argument when there is nothing to write.
   */
  change<T extends object>(key: Key, change: (current: T) => T): Promise<T | undefined>;
  /** Whether there was anything to remove. */
  remove(key: Key): Promise<boolean>;
  /** Sets `last_used_at` and `last_used_from`, unless there is no object, or its last use is later than `since`. */
  noteUse(key: Key, from: string, at: number, since: number): Promise<void>;
  /** At most `limit` objects of one partition with this id prefix, newest first, strictly before the id `before`. */
  newest<T extends object>(
    list: { readonly partition: string; readonly prefix: IdPrefix; readonly before: string | undefined },
    limit: number,
    wanted?: (value: T) => boolean,
  ): Promise<T[]>;
}

/** An object with its item's key and version. */
export type Item = Key & { readonly version: number };

const MAX_ITEMS_PER_QUERY = 1000;

export function createDocuments(client: DynamoDBDocumentClient, name: string): Documents {
  const table = new Table(client, name);
  return {
    async read<T extends object>(key: Key) {
      const item = await table.get<Item>(key);
      return item && objectIn<T>(item);
    },

    async create<T extends object>(key: Key, value: T) {
      for (;;) {
        if (await table.putVersion({ ...value, ...key, version: 1 })) return value;
        const item = await table.get<Item>(key);
        if (item !== undefined) return objectIn<T>(item);
      }
    },

    async change<T extends object>(key: Key, change: (current: T) => T) {
      for (;;) {
        const item = await table.get<Item>(key);
        if (item === undefined) return undefined;
        const current = objectIn<T>(item);
        const next = change(current);
        if (next === current) return current;
        if (await table.putVersion({ ...next, ...key, version: item.version + 1 })) return next;
      }
    },

    remove: (key) => table.removeIf(key, 'attribute_exists(pk)'),

    async noteUse(key, from, at, since) {
      const isLater = 'attribute_exists(pk) AND (attribute_not_exists(last_used_at) OR last_used_at <= :since)';
      await table.updateIf(key, 'SET last_used_at = :at, last_used_from = :from', isLater, { at, from, since });
    },

    async newest<T extends object>(
      { partition, prefix, before }: { partition: string; prefix: IdPrefix; before: string | undefined },
      limit: number,
      wanted: (value: T) => boolean = () => true,
    ) {
      const size = Math.min(limit + 1, MAX_ITEMS_PER_QUERY);
      const found: T[] = [];
      for await (const items of newestItems<Item>({ client, table: name, value: partition, prefix, before, size })) {
        found.push(...items.map((item) => objectIn<T>(item)).filter(wanted));
        if (found.length >= limit) break;
      }
      return found.slice(0, limit);
    },
  };
}

/** The object that an item holds. */
export function objectIn<T extends object>(item: Item): T {
  const { version: _version, ...value } = valueIn<Item>(item);
  return value as unknown as T;
}
