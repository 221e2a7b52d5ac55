import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { PayloadGoneError } from '../../core/run/lost-run.js';
import type { RunDefinition } from '../../core/run/task-run.js';
import { held } from './conditional-write.js';
import { eventPayload } from './event-runs.js';
import { payloadItem, readPayload } from './payload-item.js';
import { definitionOf, type Item } from './run-items.js';
import type { RunsTable } from './runs-table.js';
import { seconds } from './time-to-live.js';

/** What a row says, and its payload, which may lie apart. */
export function wholeRun(runs: RunsTable, row: Item): Promise<RunDefinition> {
  return withPayload(runs, definitionOf(row), row['apart'] === true);
}

/** The definition with its payload, if it lies with its event or apart. @throws PayloadGoneError */
export async function withPayload(runs: RunsTable, definition: RunDefinition, isApart = false): Promise<RunDefinition> {
  const { project_id, id, source, payload_with_event } = definition;
  if (!payload_with_event && !isApart) return definition;
  const shared = payload_with_event && (await eventPayload(runs, project_id, source.id!));
  // Its own: also of a run that has outlived its event, and was given a copy before.
  const payload = shared || (await readPayload(runs, project_id, id));
  // It was written first, and lasts longer: without it, something else would be sent than what was asked for.
  if (payload === undefined) throw new PayloadGoneError({ definition });
  return { ...definition, payload };
}

/** Gives a run that may outlive its event a copy of the payload there, which lives as long as the run, or longer. */
export async function keepPayload(runs: RunsTable, run: RunDefinition): Promise<void> {
  const { project_id, id, source, payload_with_event, expires_at } = run;
  if (!payload_with_event) return;
  const payload = run.payload ?? (await eventPayload(runs, project_id, source.id!));
  if (payload === undefined) return;
  const Item = payloadItem(project_id, id, payload, seconds(expires_at));
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
