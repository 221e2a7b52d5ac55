import { shardOf } from '../../core/ids.js';
import type { RunKey } from '../../core/ports.js';
import {
  type Attempt,
  isOfSchedule,
  type RunDefinition,
  type RunState,
  type RunStatus,
} from '../../core/run/task-run.js';
import {
  attemptKey,
  endedIndex,
  formatIndex,
  type Key,
  runKey,
  scheduleIndex,
  stateKey,
  waitingIndex,
} from './keys.js';
import { pack, unpack } from './packed.js';
import { payloadItem } from './payload-item.js';
import { seconds } from './time-to-live.js';

/** How runs lie in the table. `ttl` is in Unix seconds; expired items are filtered on read, since deletion lags by days. */
export interface Item extends Key {
  readonly data: Uint8Array;
  readonly ttl: number;
  readonly [attribute: string]: unknown;
}

/** DynamoDB counts a write unit per started KB; the rest of the item's attributes take about 200 bytes. */
export const INLINE_LIMIT_BYTES = 1024 - 200;

/**
 * The definition, and its payload as a second item where the two do not fit one write unit. One that comes without its
 * payload, and names the event that holds it, is written so.
 */
export function definitionItems(run: RunDefinition): Item[] {
  const key = runKey(run.project_id, run.id);
  const n = shardOf(run.id);
  const attributes = {
    ...ofEndpoint(run),
    ...(isOfSchedule(run) && { g3: scheduleIndex(run.source.id!, n) }),
    ...(run.body_format === 'dispatch' && { g3: formatIndex(run.project_id, run.body_format, n) }),
  };
  const ttl = seconds(run.expires_at);
  if (run.payload === undefined) {
    const isApart = run.payload_id !== undefined;
    return [{ ...key, ...attributes, ttl, ...(isApart && { apart: true }), data: pack(run) }];
  }
  const { payload_id: _shared, ...own } = run;
  const whole = { ...key, ...attributes, ttl, data: pack(own) };
  if (whole.data.length <= INLINE_LIMIT_BYTES) return [whole];
  const { payload: _apart, ...rest } = own;
  return [
    payloadItem(run.project_id, run.id, run.payload, ttl),
    { ...key, ...attributes, ttl, apart: true, data: pack(rest) },
  ];
}

/** By it the walk of an endpoint's list tells its own items from others. */
export const ENDPOINT = 'endpoint';

function ofEndpoint({ endpoint_id }: Pick<RunDefinition, 'endpoint_id'>) {
  return endpoint_id && { [ENDPOINT]: endpoint_id };
}

/** Without a payload that lies apart. */
export function definitionOf(item: Item): RunDefinition {
  // Holding a run moves its end, and nothing else.
  return { ...unpack<RunDefinition>(item.data), expires_at: item.ttl * 1000 };
}

/**
 * `status` and `version` stand beside the packed rest: lists filter by the one, writes are conditional on the other.
 */
export function stateItem(key: RunKey, state: RunState): Item & { version: number; status: RunStatus } {
  const { version, status, expires_at, ...rest } = state;
  const index = stateIndex(key, state);
  return {
    ...stateKey(key.project, key.run),
    ...(index && { g2: index }),
    ttl: seconds(expires_at),
    version,
    status,
    data: pack(rest),
  };
}

export function stateOf(item: Item): RunState {
  return {
    ...unpack<Omit<RunState, 'version' | 'status' | 'expires_at'>>(item.data),
    version: item['version'] as number,
    status: item['status'] as RunStatus,
    expires_at: item.ttl * 1000,
  };
}

/**
 * A run stays in the index of those that wait while its retry is made: to leave it at each claim and come back at each
 * failure would cost two write units a retry. One that was replayed waits there, too: nothing else finds it by now.
 */
function stateIndex({ project, run }: RunKey, { status, attempt, epoch }: RunState): string | undefined {
  const n = shardOf(run);
  const isOpen = status === 'pending' || status === 'running';
  if (status === 'retry_scheduled' || (isOpen && (attempt > 1 || epoch > 0))) return waitingIndex(project, n);
  const ended = status === 'dead_letter' || status === 'cancelled' || status === 'skipped';
  return ended ? endedIndex(project, n) : undefined;
}

export function attemptItem(attempt: Attempt, expiresAt: number): Item {
  return {
    ...attemptKey(attempt.project_id, attempt.id),
    ...ofEndpoint(attempt),
    ttl: seconds(expiresAt),
    data: pack(attempt),
  };
}

export function attemptOf(item: Item): Attempt {
  return unpack<Attempt>(item.data);
}
