import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { BoundedCache } from '../primitives/bounded-cache.js';
import { firstId, shardOf, timeOf } from '../primitives/ids.js';
import type { Attempt, RunDefinition } from '../subjects/task-runs/task-run.js';
import { type Key, seconds, secondsPartition } from './keys.js';

/**
 * The seconds in which an endpoint's runs and later attempts were made, by the time in their ids. An endpoint's lists
 * read only these seconds of its project's lists. All runs of a second share one small write, where an index would cost
 * one entry for each run.
 */
export interface EndpointSeconds {
  /**
   * Call before the run or attempt is written: an endpoint's list finds it by its second. A noted second without runs
   * does no harm. A repeat is answered from memory and costs nothing.
   */
  note(of: Kept): Promise<void>;
}

type Kept = RunDefinition | (Attempt & Pick<RunDefinition, 'expires_at'>);

/** An endpoint and one shard of its project. */
export interface EndpointPlace {
  readonly project: string;
  readonly endpoint: string;
  readonly n: number;
}

/** The runs or attempts of an endpoint in one shard of its project, made in one second. */
export interface SecondItem extends Key {
  /** Unix milliseconds. */
  readonly second: number;
  readonly ttl: number;
}

export const SECOND_MS = 1000;
const DAY_MS = 24 * 3600 * SECOND_MS;
const MAX_REMEMBERED = 1_000;

export function createEndpointSeconds(client: DynamoDBDocumentClient, table: string): EndpointSeconds {
  const noted = new BoundedCache<Promise<unknown>>(MAX_REMEMBERED);

  function put(Item: SecondItem, name: string): Promise<unknown> {
    const underWay = client.send(new PutCommand({ TableName: table, Item }));
    noted.set(name, underWay);
    underWay.catch(() => noted.remove(name, underWay)); // the caller gets the error; the next call writes again
    return underWay;
  }

  return {
    async note(of) {
      const item = secondItemOf(of);
      if (item === undefined) return;
      const name = `${item.pk} ${item.sk}`;
      await (noted.get(name) ?? put(item, name));
    },
  };
}

/** The item of the run's or attempt's second; none without an endpoint. */
export function secondItemOf(of: Kept): SecondItem | undefined {
  if (of.endpoint_id === undefined) return undefined;
  return secondItem({ project: of.project_id, endpoint: of.endpoint_id, n: shardOf(of.id) }, of);
}

/** The key holds the last day of the TTL, because runs of one second may have different TTLs. */
function secondItem(
  { project, endpoint, n }: EndpointPlace,
  { id, expires_at }: { readonly id: string; readonly expires_at: number },
): SecondItem {
  const second = Math.floor(timeOf(id) / SECOND_MS) * SECOND_MS;
  const keptDay = Math.ceil(expires_at / DAY_MS);
  const first = firstId(id.startsWith('att') ? 'att' : 'run', second);
  return {
    pk: secondsPartition(project, endpoint, n),
    sk: `${first}#${keptDay}`,
    second,
    ttl: seconds(keptDay * DAY_MS),
  };
}
