import { type DynamoDBDocumentClient, PutCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { isoTime } from '../../core/moments.js';
import type { HourRecord, StatsStore } from '../../core/stats/stats-ports.js';
import { carriedPartition, type Key, statsPartition } from './keys.js';
import { pack, unpack } from './packed.js';
import { putVersion } from './put-version.js';
import { queryPages } from './query-pages.js';
import { seconds } from './time-to-live.js';

type Item = Key & { readonly data: Uint8Array; readonly version: number };
type List = Key & { readonly since: number; readonly ids: Uint8Array };

const ID_BYTES = 16;
const RUN = 'run_';

/** Hours in the table of runs, since they are worth keeping as long as what they count: `keepMs`. */
export function createStatsStore(client: DynamoDBDocumentClient, table: string, keepMs: number): StatsStore {
  const ttlOf = (hour: number) => seconds(hour + keepMs);

  async function query<Found>(input: Omit<QueryCommandInput, 'TableName'>): Promise<Found[]> {
    const found: Found[] = [];
    for await (const items of queryPages<Found>(client, { TableName: table, ...input })) {
      found.push(...items);
      if (input.Limit !== undefined) break;
    }
    return found;
  }

  return {
    async newest(project) {
      const [item] = await query<Item>({
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': statsPartition(project) },
        ScanIndexForward: false,
        ConsistentRead: true,
        Limit: 1,
      });
      return item && recordOf(item);
    },

    put(project, record) {
      const { version, ...rest } = record;
      const key = { pk: statsPartition(project), sk: isoTime(record.hour) };
      return putVersion(client, table, { ...key, ttl: ttlOf(record.hour), version, data: pack(rest) });
    },

    async between(project, from, until) {
      const items = await query<Item>({
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :until',
        ExpressionAttributeValues: {
          ':pk': statsPartition(project),
          ':from': isoTime(from),
          ':until': isoTime(until - 1), // BETWEEN includes its bounds
        },
      });
      return items.map(recordOf);
    },

    async carry(project, into, { name, since, ids }) {
      const key = { pk: carriedPartition(project), sk: listKey(into, name) };
      const bytes = Buffer.concat(ids.map((id) => Buffer.from(id.slice(RUN.length), 'hex')));
      await client.send(new PutCommand({ TableName: table, Item: { ...key, ttl: ttlOf(into), since, ids: bytes } }));
    },

    async carried(project, into, after = '') {
      const [item] = await query<List>({
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :after AND :last',
        ExpressionAttributeValues: {
          ':pk': carriedPartition(project),
          // Right behind `after`.
          ':after': `${listKey(into, after)}!`,
          ':last': listKey(into, '~'),
        },
        ConsistentRead: true,
        Limit: 1,
      });
      return item && { name: item.sk.slice(listKey(into, '').length), since: item.since, ids: idsIn(item.ids) };
    },
  };
}

const listKey = (into: number, name: string): string => `${isoTime(into)}#${name}`;

function recordOf({ data, version }: Item): HourRecord {
  return { ...unpack<Omit<HourRecord, 'version'>>(data), version };
}

function idsIn(bytes: Uint8Array): string[] {
  const hex = Buffer.from(bytes).toString('hex');
  return Array.from(
    { length: bytes.length / ID_BYTES },
    (_, n) => RUN + hex.slice(n * ID_BYTES * 2, (n + 1) * ID_BYTES * 2),
  );
}
