import { type Labels, labelTexts } from '../fields/labels-schema.js';
import { shardOf } from '../primitives/ids.js';
import type { RunKey } from '../protocol/rules/ports.js';
import {
  type Attempt,
  isIndexedAsWaiting,
  isOfSchedule,
  type RunDefinition,
  type RunState,
} from '../subjects/task-runs/task-run.js';
import {
  attemptKey,
  endedIndex,
  endpointIndex,
  formatIndex,
  isLive,
  type Key,
  labelKey,
  nameLabel,
  projectOf,
  type RunsTable,
  runKey,
  STATE_SUFFIX,
  scheduleIndex,
  seconds,
  stateKey,
  waitingIndex,
} from './keys.js';
import { rowsWithPayload } from './payload-item.js';
import { fieldsOf, rowOf } from './rows.js';
import { Table } from './table.js';

/** An item of the table of runs. `ttl` is in Unix seconds; reads filter expired items, since deletion lags by days. */
export interface Item extends Key {
  readonly ttl: number;
  readonly [attribute: string]: unknown;
}

/**
 * The definition's item; where definition and payload do not fit one write unit, the payload's item comes before it. A
 * definition that names its event's payload (`payload_id`) instead of holding a payload is stored with that name.
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

interface Labelled {
  readonly project_id: string;
  readonly id: string;
  readonly labels?: Labels;
  readonly expires_at: number;
}

/** A row for each label of a run or an event, by which lists find it. They are put before the object. */
export function labelItems({ project_id, id, labels, expires_at }: Labelled, more: readonly string[] = []): Item[] {
  const texts = [...labelTexts(labels), ...more];
  return texts.map((label) => ({ ...labelKey(project_id, label, id), ttl: seconds(expires_at) }));
}

/** The labels of a run, and its name. A name that is its schedule's has no row: the schedule is found by it. */
export function runLabelItems(run: RunDefinition): Item[] {
  return labelItems(run, run.title === undefined || isOfSchedule(run) ? [] : [nameLabel(run.title)]);
}

/** The entry of a run or an attempt in the list of its endpoint. */
function endpointEntry(endpoint: string | undefined, n: number): { readonly g1?: string } {
  return endpoint === undefined ? {} : { g1: endpointIndex(endpoint, n) };
}

/** A payload in an item of its own is not read. */
export function definitionOf(item: Item): RunDefinition {
  return { ...fieldsOf<Omit<RunDefinition, 'expires_at'>>(item), expires_at: item.ttl * 1000 };
}

/** Attempts may be compressed: `status`, `last_status` and `last_error` stay readable in the DynamoDB console. */
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

/** An attempt in its run's state lacks the ids of the state's key, so that a retry's state fits one write unit, too. */
function folded(attempt: Attempt | undefined) {
  if (attempt === undefined) return undefined;
  const { project_id: _project, run_id: _run, ...rest } = attempt;
  return rest;
}

/**
 * A run stays in the waiting index while its retry is made: leaving at each claim and returning at each failure would
 * cost two write units a retry.
 */
function stateIndex({ project, run }: RunKey, state: Omit<RunState, 'expires_at'>): string | undefined {
  const n = shardOf(run);
  if (isIndexedAsWaiting(state)) return waitingIndex(project, n);
  const { status } = state;
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
 * The item of a key and all items whose sort keys begin with it, sorted, by one Query for each megabyte. The result
 * maps sort key to item. Without `consistent` the read is eventually consistent, at half the price.
 */
export async function readTogether(
  { client, table, clock }: RunsTable,
  { pk, sk }: Key,
  { consistent = true } = {},
): Promise<Map<string, Item>> {
  const found = new Map<string, Item>();
  const asked = { ConsistentRead: consistent };
  const pages = new Table(client, table).pages<Item>('pk = :pk AND begins_with(sk, :sk)', { pk, sk }, asked);
  for await (const items of pages) for (const item of items) if (isLive(item, clock.now())) found.set(item.sk, item);
  return found;
}
