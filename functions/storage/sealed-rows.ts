import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../primitives/clock.js';
import { isId } from '../primitives/ids.js';
import type { ReEncryption, SealedRow, SealedRows } from '../protocol/sweep/re-encrypt.js';
import { batchGet } from './batch-get.js';
import { apiKeyKey, type Key, PROJECTS, reEncryptionKey } from './keys.js';
import { Table } from './table.js';

/** Attributes with encrypted texts: of projects, API keys, endpoints and schedules. */
const SEALED = ['signing_secret', 'signing_secrets', 'retiring_secrets', 'signing_key', 'headers', 'target'] as const;
const AFTER_ALL_PROJECTS = 'proj_~';

type Item = Key & { readonly id: string; readonly version: number };
type Row = SealedRow & { readonly key: Key };

interface Tables {
  readonly client: DynamoDBDocumentClient;
  readonly config: string;
  readonly runs: string;
  readonly clock: Pick<Clock, 'sleep'>;
}

/**
 * All rows of the configuration that hold encrypted texts: the projects, then each project's partition, newest project
 * first. A page is what one Query reads.
 */
export function createSealedRows({ client, config: name, runs, clock }: Tables): SealedRows<Row> {
  const [config, progress] = [new Table(client, name), new Table(client, runs)];
  const rowsIn = async (items: readonly Item[]): Promise<Row[]> => {
    const keys = items.filter(({ id, sk }) => isId('ak', id) && sk === id).map(({ id }) => apiKeyKey(id));
    const behind = await batchGet<Item>({ client, table: name, clock }, keys);
    return [...items, ...behind].map(rowOf).filter(({ sealed }) => Object.keys(sealed).length > 0);
  };
  const nextPartition = async (partition: string): Promise<string | undefined> => {
    const values = { projects: PROJECTS, before: partition === PROJECTS ? AFTER_ALL_PROJECTS : partition };
    const asked = { ScanIndexForward: false, ConsistentRead: true, Limit: 1 };
    const { items } = await config.page('pk = :projects AND sk < :before', values, asked);
    return items[0]?.['sk'];
  };

  return {
    async page(after = PROJECTS) {
      const [pk = '', sk] = after.split(' ');
      const { items, last } = await config.page<Item>(
        'pk = :pk',
        { pk },
        {
          ProjectionExpression: `pk, sk, id, version, ${SEALED.join(', ')}`,
          ConsistentRead: true,
          ...(sk !== undefined && { ExclusiveStartKey: { pk, sk } }),
        },
      );
      const next = last ? `${pk} ${last['sk']}` : await nextPartition(pk);
      return { rows: await rowsIn(items), ...(next !== undefined && { next }) };
    },

    async again({ key }) {
      const item = await config.get<Item>(key);
      return item && rowOf(item);
    },

    // Only these attributes: a function that encrypts anew may change nothing else of what is configured.
    replace({ key, version: seen }, sealed) {
      const set = Object.keys(sealed).map((name) => `${name} = :${name}`);
      const update = `SET version = :next, ${set.join(', ')}`;
      return config.updateIf(key, update, 'version = :seen', { ...sealed, seen, next: seen + 1 });
    },

    progress: () => progress.get<ReEncryption>(reEncryptionKey),
    putProgress: (reached) => progress.putVersion({ ...reached, ...reEncryptionKey }),
  };
}

function rowOf(item: Item): Row {
  const { pk, sk, id, version } = item;
  const sealed = Object.entries(item).filter(([name]) => (SEALED as readonly string[]).includes(name));
  return { key: { pk, sk }, id, version, sealed: Object.fromEntries(sealed) };
}
