import { shardOf } from '../primitives/ids.js';
import type { RunKey } from '../protocol/rules/ports.js';
import { type Attempt, isOfSchedule, type RunDefinition, type RunState } from '../subjects/task-runs/task-run.js';
import {
  attemptKey,
  endedIndex,
  endpointIndex,
  formatIndex,
  isLive,
  type Key,
  projectOf,
  type RunsTable,
  runKey,
  STATE_SUFFIX,
  scheduleIndex,
  seconds,
  stateKey,
  waitingIndex,
} from './keys.js';
import { queryPages } from './newest-items.js';
import { rowsWithPayload } from './payload-item.js';
import { fieldsOf, rowOf } from './rows.js';

/** How runs lie in the table. `ttl` is in Unix seconds; expired items are filtered on read, since deletion lags by days. */
export interface Item extends Key {
  readonly ttl: number;
  readonly [attribute: string]: unknown;
}

/**
 * The definition, and its payload as a second item where the two do not fit one write unit. One that comes without its
 * payload, and names the event that holds it, is written so.
 */
export function definitionItems({ expires_at, payload_id, ...run }: RunDefinition): Item[] {
  const n = shardOf(run.id);
  const isShared = run.payload === undefined && payload_id !== undefined;
  const row = {
    ...runKey(run.project_id, run.id),
    ...endpointEntry(run.endpoint_id, n),
    ...(isOfSchedule(run) && { g3: scheduleIndex(run.source.id!, n) }),
    ...(run.body_format === 'dispatch' && { g3: formatIndex(run.project_id, run.body_format, n) }),
    ttl: seconds(expires_at),
    ...run,
    ...(isShared && { payload_id, payload_apart: true }),
  };
  return rowsWithPayload(run, row, ['target.headers']);
}

/** The entry of a run or an attempt in the list of its endpoint. */
function endpointEntry(endpoint: string | undefined, n: number): { readonly g1?: string } {
  return endpoint === undefined ? {} : { g1: endpointIndex(endpoint, n) };
}

/** Without a payload that lies apart. */
export function definitionOf(item: Item): RunDefinition {
  return { ...fieldsOf<Omit<RunDefinition, 'expires_at'>>(item), expires_at: item.ttl * 1000 };
}

/** Headers and bodies of attempts are not looked for: `status`, `last_status` and `last_error` say what came of them. */
export function stateItem(key: RunKey, { expires_at, ...state }: RunState) {
  const index = stateIndex(key, state);
  const row = {
    ...stateKey(key.project, key.run),
    ...(index && { g2: index }),
    ttl: seconds(expires_at),
    ...state,
    first_attempt: folded(state.first_attempt),
    last_attempt: folded(state.last_attempt),
  };
  return rowOf(row, ['first_attempt', 'last_attempt']);
}

export function stateOf(item: Item): RunState {
  const state = fieldsOf<Omit<RunState, 'expires_at'>>(item);
  const ids = { project_id: projectOf(item), run_id: item.sk.replace(STATE_SUFFIX, '') };
  return {
    ...state,
    ...(state.first_attempt && { first_attempt: { ...state.first_attempt, ...ids } }),
    ...(state.last_attempt && { last_attempt: { ...state.last_attempt, ...ids } }),
    expires_at: item.ttl * 1000,
  };
}

/** Within its run's state: without the ids that the state's key has, so that the state of a retry is one write unit, too. */
function folded(attempt: Attempt | undefined) {
  if (attempt === undefined) return undefined;
  const { project_id: _project, run_id: _run, ...rest } = attempt;
  return rest;
}

/**
 * A run stays in the index of those that wait while its retry is made: to leave it at each claim and come back at each
 * failure would cost two write units a retry. One that was replayed waits there, too: nothing else finds it by now.
 */
function stateIndex(
  { project, run }: RunKey,
  { status, attempt, epoch }: Pick<RunState, 'status' | 'attempt' | 'epoch'>,
): string | undefined {
  const n = shardOf(run);
  const isOpen = status === 'pending' || status === 'running';
  if (status === 'retry_scheduled' || (isOpen && (attempt > 1 || epoch > 0))) return waitingIndex(project, n);
  const ended = status === 'dead_letter' || status === 'cancelled' || status === 'skipped';
  return ended ? endedIndex(project, n) : undefined;
}

export function attemptItem(attempt: Attempt, expiresAt: number): Item {
  const entry = endpointEntry(attempt.endpoint_id, shardOf(attempt.id));
  const row = { ...attemptKey(attempt.project_id, attempt.id), ...entry, ttl: seconds(expiresAt), ...attempt };
  return rowOf(row, ['request_headers', 'response_headers', 'response_body']);
}

export const attemptOf = (item: Item): Attempt => fieldsOf(item);

/**
 * The item of that key and those whose keys begin with it, in their order, by one Query (one for each megabyte of them);
 * each by its sort key. Not `consistent` they are perhaps as they were a moment ago, at half the price.
 */
export async function readTogether(
  { client, table, clock }: RunsTable,
  { pk, sk }: Key,
  { consistent = true } = {},
): Promise<Map<string, Item>> {
  const found = new Map<string, Item>();
  const pages = queryPages<Item>(client, {
    TableName: table,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
    ExpressionAttributeValues: { ':pk': pk, ':sk': sk },
    ConsistentRead: consistent,
  });
  for await (const items of pages) for (const item of items) if (isLive(item, clock.now())) found.set(item.sk, item);
  return found;
}
