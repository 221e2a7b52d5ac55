import { type DynamoDBDocumentClient, GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../primitives/clock.js';
import { isId } from '../primitives/ids.js';
import type { ReEncryption, SealedRow, SealedRows } from '../protocol/sweep/re-encrypt.js';
import { batchGet } from './batch-get.js';
import { held, putVersion } from './conditional-write.js';
import { apiKeyKey, type Key, PROJECTS, reEncryptionKey } from './keys.js';

/** Attributes with encrypted texts: of projects, API keys, endpoints and schedules. */
const SEALED = ['signing_secret', 'signing_secrets', 'retiring_secrets', 'signing_key'] as const;
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
export function createSealedRows({ client, config: table, runs, clock }: Tables): SealedRows<Row> {
  const rowsIn = async (items: readonly Item[]): Promise<Row[]> => {
    const keys = items.filter(({ id, sk }) => isId('ak', id) && sk === id).map(({ id }) => apiKeyKey(id));
    const behind = await batchGet<Item>({ client, table, clock }, keys);
    return [...items, ...behind].map(rowOf).filter(({ sealed }) => Object.keys(sealed).length > 0);
  };
  const nextPartition = async (partition: string): Promise<string | undefined> => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :projects AND sk < :before',
        ExpressionAttributeValues: {
          ':projects': PROJECTS,
          ':before': partition === PROJECTS ? AFTER_ALL_PROJECTS : partition,
        },
        ScanIndexForward: false,
        ConsistentRead: true,
        Limit: 1,
      }),
    );
    return Items[0]?.['sk'];
  };

  return {
    async page(after = PROJECTS) {
      const [partition = '', sk] = after.split(' ');
      const { Items = [], LastEvaluatedKey: last } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk',
          ProjectionExpression: `pk, sk, id, version, ${SEALED.join(', ')}`,
          ExpressionAttributeValues: { ':pk': partition },
          ConsistentRead: true,
          ...(sk !== undefined && { ExclusiveStartKey: { pk: partition, sk } }),
        }),
      );
      const next = last ? `${partition} ${last['sk']}` : await nextPartition(partition);
      return { rows: await rowsIn(Items as Item[]), ...(next !== undefined && { next }) };
    },

    async again({ key: Key }) {
      const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
      return Item && rowOf(Item as Item);
    },

    // Only these attributes: a function that encrypts anew may change nothing else of what is configured.
    replace({ key: Key, version }, sealed) {
      const names = Object.keys(sealed);
      return held(
        client.send(
          new UpdateCommand({
            TableName: table,
            Key,
            UpdateExpression: `SET version = :next, ${names.map((name) => `${name} = :${name}`).join(', ')}`,
            ConditionExpression: 'version = :seen',
            ExpressionAttributeValues: {
              ':seen': version,
              ':next': version + 1,
              ...Object.fromEntries(names.map((name) => [`:${name}`, sealed[name]])),
            },
          }),
        ),
      );
    },

    async progress() {
      const { Item } = await client.send(
        new GetCommand({ TableName: runs, Key: reEncryptionKey, ConsistentRead: true }),
      );
      return Item as ReEncryption | undefined;
    },

    putProgress: (progress) => putVersion(client, runs, { ...progress, ...reEncryptionKey }),
  };
}

function rowOf(item: Item): Row {
  const { pk, sk, id, version } = item;
  const sealed = Object.entries(item).filter(([name]) => (SEALED as readonly string[]).includes(name));
  return { key: { pk, sk }, id, version, sealed: Object.fromEntries(sealed) };
}
