import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Payload } from '../formats/format.js';
import { isLive, type Key, payloadKey, type RunsTable } from './keys.js';
import { fieldsOf, rowBytes, rowOf, WRITE_UNIT_BYTES } from './rows.js';

/** A longer body hardly ever fits one write unit, even compressed. */
const TRIED_LENGTH = 8_192;

/**
 * The row of a run or an event, and before it its payload as a row of its own where the two do not fit one write unit.
 * `paths` may be compressed, as the payload's body.
 */
export function rowsWithPayload<Row extends Key & { readonly ttl: number; readonly payload?: Payload | undefined }>(
  object: { readonly project_id: string; readonly id: string },
  row: Row,
  paths: readonly string[] = [],
) {
  const { payload, ...rest } = row;
  if (payload === undefined) return [rowOf(rest, paths)];
  if (payload.body.length <= TRIED_LENGTH) {
    const whole = rowOf(row, ['payload.body', ...paths]);
    if (rowBytes(whole) <= WRITE_UNIT_BYTES) return [whole];
  }
  return [payloadItem(object.project_id, object.id, payload, row.ttl), rowOf({ ...rest, payload_apart: true }, paths)];
}

/** A payload that lies apart, under the id of the run or event that it belongs to. `ttl` is in Unix seconds. */
export function payloadItem(project: string, id: string, payload: Payload, ttl: number) {
  return rowOf({ ...payloadKey(project, id), ttl, payload }, ['payload.body']);
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
    ? fieldsOf<{ payload: Payload }>(Item).payload
    : undefined;
}
