import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { askOnce } from '../primitives/once.js';
import { PayloadGoneError } from '../protocol/runs/lost-run.js';
import type { RunDefinition } from '../subjects/task-runs/task-run.js';
import { held } from './conditional-write.js';
import { type RunsTable, seconds } from './keys.js';
import { payloadItem, readPayload } from './payload-item.js';
import { definitionOf, type Item } from './run-items.js';

/**
 * What a row says, and its payload. A payload that lies apart is the run's own, or one for all runs of an event; a run that
 * has outlived its event was given a copy before.
 * @param once shared by the runs that are read together, so that each payload of an event is read once
 * @throws PayloadGoneError
 */
export async function wholeRun(runs: RunsTable, row: Item, once = askOnce()): Promise<RunDefinition> {
  const definition = definitionOf(row);
  if (row['payload_apart'] !== true) return definition;
  const { project_id, id, payload_id } = definition;
  const read = (of: string) => readPayload(runs, project_id, of);
  const shared = payload_id && (await once(`${project_id} ${payload_id}`, () => read(payload_id)));
  const payload = shared || (await read(id));
  // It was written first, and lasts longer: without it, something else would be sent than what was asked for.
  if (payload === undefined) throw new PayloadGoneError({ definition });
  return { ...definition, payload };
}

/**
 * Gives a run that shall live longer than it was made for (until `expiresAt`, Unix milliseconds) a copy of the payload that
 * lies with its event, and ends with that. The copy lives as long as the run, or longer.
 */
export async function keepPayload(runs: RunsTable, run: RunDefinition, expiresAt: number): Promise<void> {
  const { project_id, id, payload_id } = run;
  if (payload_id === undefined || expiresAt <= run.expires_at) return;
  const payload = run.payload ?? (await readPayload(runs, project_id, payload_id));
  if (payload === undefined) return;
  const Item = payloadItem(project_id, id, payload, seconds(expiresAt));
  await held(
    runs.client.send(
      new PutCommand({
        TableName: runs.table,
        Item,
        ConditionExpression: 'attribute_not_exists(pk) OR #ttl < :ttl',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: { ':ttl': Item.ttl },
      }),
    ),
  );
}
