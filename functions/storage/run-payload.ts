import { askOnce } from '../primitives/once.js';
import { PayloadGoneError } from '../protocol/runs/lost-run.js';
import type { RunDefinition } from '../subjects/task-runs/task-run.js';
import { type RunsTable, seconds } from './keys.js';
import { payloadItem, readPayload } from './payload-item.js';
import { definitionOf, type Item } from './run-items.js';
import { Table } from './table.js';

/**
 * A row's definition with its payload. A payload in an item of its own is the run's, or shared by all runs of an event;
 * a run that outlives its event has got a copy before (`keepPayload`).
 * @param once shared by the runs that are read together, so that each event's payload is read once
 * @throws PayloadGoneError
 */
export async function wholeRun(runs: RunsTable, row: Item, once = askOnce()): Promise<RunDefinition> {
  const definition = definitionOf(row);
  if (row['payload_apart'] !== true) return definition;
  const { project_id, id, payload_id } = definition;
  const read = (of: string) => readPayload(runs, project_id, of);
  const shared = payload_id && (await once(`${project_id} ${payload_id}`, () => read(payload_id)));
  const payload = shared || (await read(id));
  // A payload is written before its definition and lasts longer. Without it the call would carry another body than
  // asked.
  if (payload === undefined) throw new PayloadGoneError({ definition });
  return { ...definition, payload };
}

/**
 * Gives a run whose life is prolonged (until `expiresAt`, Unix milliseconds) its own copy of its event's payload, which
 * ends with the event. The copy lives as long as the run, or longer.
 */
export async function keepPayload(runs: RunsTable, run: RunDefinition, expiresAt: number): Promise<void> {
  const { project_id, id, payload_id } = run;
  if (payload_id === undefined || expiresAt <= run.expires_at) return;
  const payload = run.payload ?? (await readPayload(runs, project_id, payload_id));
  if (payload === undefined) return;
  const copy = payloadItem(project_id, id, payload, seconds(expiresAt));
  await new Table(runs.client, runs.table).putIf(copy, 'attribute_not_exists(pk) OR #ttl < :ttl', { ttl: copy.ttl });
}
