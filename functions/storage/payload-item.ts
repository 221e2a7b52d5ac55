import type { Payload } from '../formats/format.js';
import { type Key, payloadKey, type RunsTable } from './keys.js';
import { fieldsOf, rowBytes, rowOf, WRITE_UNIT_BYTES } from './rows.js';
import { Table } from './table.js';

/** Characters. A longer body hardly ever fits one write unit, even compressed. */
const TRIED_LENGTH = 8_192;

/**
 * The row of a run or an event; where row and payload do not fit one write unit, the payload's own row comes before it.
 * The fields at `paths` may be compressed, as the payload's body may.
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

/** A payload as an item of its own, under the id of its run or event. `ttl` is in Unix seconds. */
export function payloadItem(project: string, id: string, payload: Payload, ttl: number) {
  return rowOf({ ...payloadKey(project, id), ttl, payload }, ['payload.body']);
}

/**
 * A payload never changes once its run has begun, so the first read is eventually consistent, at half the price. If
 * this read finds nothing, a strongly consistent read follows: the payload may have just been written.
 */
export async function readPayload(
  { client, table, clock }: RunsTable,
  project: string,
  id: string,
): Promise<Payload | undefined> {
  const look = (consistent: boolean) =>
    new Table(client, table).getLive<ReturnType<typeof payloadItem>>(payloadKey(project, id), clock.now(), consistent);
  const row = (await look(false)) ?? (await look(true));
  return row && fieldsOf<{ payload: Payload }>(row).payload;
}
