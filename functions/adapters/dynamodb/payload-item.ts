import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Payload } from '../../core/run/task-run.js';
import { payloadKey } from './keys.js';
import { pack, unpack } from './packed.js';
import type { RunsTable } from './runs-table.js';
import { isLive } from './time-to-live.js';

/** A payload that lies apart, under the id of the run or event that it belongs to. `ttl` is in Unix seconds. */
export function payloadItem(project: string, id: string, payload: Payload, ttl: number) {
  return { ...payloadKey(project, id), ttl, data: pack(payload) };
}

/** It never changes once its run has begun, so a look at half the price does; where that finds nothing it may just have been written. */
export async function readPayload(
  { client, table, clock }: RunsTable,
  project: string,
  id: string,
): Promise<Payload | undefined> {
  const look = (ConsistentRead: boolean) =>
    client.send(new GetCommand({ TableName: table, Key: payloadKey(project, id), ConsistentRead }));
  const { Item = (await look(true)).Item } = await look(false);
  return Item && isLive(Item as ReturnType<typeof payloadItem>, clock.now())
    ? unpack<Payload>(Item['data'])
    : undefined;
}
