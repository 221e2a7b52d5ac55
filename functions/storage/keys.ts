import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../primitives/clock.js';
import { shardOf, siblingId } from '../primitives/ids.js';
import { isoTime } from '../primitives/moments.js';
import type { FanOutPage } from '../subjects/events/event.js';
import type { ObjectName } from '../subjects/projects/names.js';

/**
 * Every key of the tables. The keys of a project's rows begin with the project, except for the look-ups of API keys: so
 * an id of another project finds nothing. `n` is the shard that an id carries. `project-rows.ts` says how the rows of
 * each key end with their project.
 */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** Sorts behind every id and moment, and behind every key that begins with one. */
export const LAST = '~';

/** The item without its key and TTL. */
export function valueIn<Value extends object>(item: Key): Value {
  const { pk: _pk, sk: _sk, ttl: _ttl, ...value } = item as Key & { readonly ttl?: number };
  return value as unknown as Value;
}

/** The key of an object in the partition of the shard that its id carries. */
function keyIn(partition: (project: string, n: number) => string) {
  return (project: string, id: string): Key => ({ pk: partition(project, shardOf(id)), sk: id });
}

// Configuration table
export const PROJECTS = 'PROJECTS';
export const projectKey = (id: string): Key => ({ pk: PROJECTS, sk: id });
/** The sole authority on an API key. */
export const apiKeyKey = (id: string): Key => ({ pk: `K#${id}`, sk: 'key' });
/** Pointer from the SHA-256 of a key (hex) to the key's id. */
export const apiKeyHashKey = (hash: string): Key => ({ pk: `H#${hash}`, sk: 'hash' });
/** Endpoints, retry policies and pointers to the project's API keys, told apart by the id's prefix. */
export const configKey = (project: string, id: string): Key => ({ pk: project, sk: id });

/** Which object each name of the project stands for. */
export const namePartition = (project: string): string => `${project}#M`;
export const nameKey = ({ project, kind, name }: ObjectName): Key => ({
  pk: namePartition(project),
  sk: `${kind}#${name}`,
});

/** A schedule's clock: the position of its chain of wake-ups. */
export const clockKey = (project: string, schedule: string): Key => ({ pk: project, sk: siblingId('clk', schedule) });

/** Hint that the endpoint may have this filter: a search for an event's listeners reads no other endpoints. */
export const filterHintKey = (project: string, filter: string, endpoint: string): Key => ({
  pk: `${project}#F#${filter}`,
  sk: endpoint,
});

// Task runs table
export const runPartition = (project: string, n: number): string => `${project}#R#${n}`;
/** The definition; the partition is the project's list of runs, newest last. */
export const runKey = keyIn(runPartition);
export const STATE_SUFFIX = '#s';
export const stateKey = (project: string, run: string): Key => ({ ...runKey(project, run), sk: run + STATE_SUFFIX });
export const payloadPartition = (project: string, n: number): string => `${project}#P#${n}`;
/** A payload that is too large for the item of its run or event. */
export const payloadKey = keyIn(payloadPartition);
export const attemptPartition = (project: string, n: number): string => `${project}#D#${n}`;
/** Attempts from the second on; the first is folded into the state. */
export const attemptKey = keyIn(attemptPartition);
export const eventPartition = (project: string, n: number): string => `${project}#E#${n}`;
/** An event or a job notification; the pages of its fan-out sort right behind it. */
export const eventKey = keyIn(eventPartition);
/** A page's key: the event's id, this suffix, and the endpoint behind which the page begins. */
export const PAGE_SUFFIX = '#p';
export function pageKey(project: string, event: string, { after }: Pick<FanOutPage, 'after'>): Key {
  const { pk, sk } = eventKey(project, event);
  return { pk, sk: sk + PAGE_SUFFIX + after };
}

/** What has a label, as `key:value`: its label, and then its id. */
export const labelPartition = (project: string, n: number): string => `${project}#T#${n}`;
/** No label and no name has a line break. */
export const LABEL_END = '\n';
/** A run's own name is found as a label without a key, which no label is. */
export const nameLabel = (name: string): string => `:${name}`;
export const labelKey = (project: string, label: string, id: string): Key => ({
  pk: labelPartition(project, shardOf(id)),
  sk: label + LABEL_END + id,
});

/** Runs that an endpoint holds, the oldest first. They do not expire. */
export const heldPartition = (project: string, endpoint: string, n: number): string => `${project}#H#${endpoint}#${n}`;
export const heldKey = (project: string, endpoint: string, run: string): Key => ({
  pk: heldPartition(project, endpoint, shardOf(run)),
  sk: run,
});
/** An endpoint's limits: the clocks of its rate limit, and its slots. */
export const limitPartition = (project: string, endpoint: string): string => `${project}#L#${endpoint}`;
export const rateClocksKey = (project: string, endpoint: string): Key => ({
  pk: limitPartition(project, endpoint),
  sk: 'turns',
});
export const SLOT_PREFIX = 'slot#';
export const slotKey = (project: string, endpoint: string, index: number): Key => ({
  pk: limitPartition(project, endpoint),
  sk: `${SLOT_PREFIX}${index}`,
});
export const bulkPartition = (project: string): string => `${project}#B`;
export const bulkKey = (project: string, job: string): Key => ({ pk: bulkPartition(project), sk: job });
/** Calls on their way to a project's listeners. */
export const relayPartition = (project: string): string => `${project}#V`;
export const relayKey = (project: string, listener: string, request: string): Key => ({
  pk: relayPartition(project),
  sk: `${listener}#${request}`,
});
/** What a project uses: of a quota in the window that begins at `start` (Unix milliseconds), or does at the moment. */
export const usagePartition = (project: string): string => `${project}#U`;
export const usageKey = (project: string, quota: string, start: number): Key => ({
  pk: usagePartition(project),
  sk: `${quota}#${isoTime(start)}`,
});
export const claimsKey = (project: string, kind: string): Key => ({
  pk: usagePartition(project),
  sk: `claims#${kind}`,
});
/** `scope` is a project's id, or a person; `fingerprint` names route and Idempotency-Key. */
export const idempotencyKey = (scope: string, fingerprint: string): Key => ({
  pk: `${scope}#I#${fingerprint}`,
  sk: 'request',
});

/** A signed write that was accepted. */
export const signatureKey = (project: string, signature: string): Key => ({
  pk: `${project}#N#${signature}`,
  sk: 'signature',
});

/** Sessions of all persons. */
export const SESSIONS = 'SESSIONS';
export const sessionKey = (id: string): Key => ({ pk: SESSIONS, sk: id });
/** Failed sign-ins of an address, and of all addresses (no address), since `from`. */
export const failedSignInsKey = (from: number, address: string): Key => ({
  pk: `FAILED-SIGN-INS#${from}`,
  sk: `address#${address}`,
});

// Audit table
/** Changes of a project's objects; null: changes that belong to no single project. */
export const auditPartition = (project: string | null): string => `${project ?? 'operator'}#A`;
/** The result of a change has the id of its change, and this suffix. */
export const AUDIT_RESULT_SUFFIX = '#result';
export const auditKey = (project: string | null, id: string): Key => ({ pk: auditPartition(project), sk: id });

/** A project's counted hours, by the hour's start. */
export const statsPartition = (project: string): string => `${project}#S`;
/** Lists of runs that were open when their hour was counted, by the hour that counts them again. */
export const carriedPartition = (project: string): string => `${project}#O`;

/** The places of a lane that a project takes, by execution environment. */
export const placePartition = (project: string, lane: string): string => `${project}#C#${lane}`;
/** Projects that are over their share of a lane, by the moment until which they count as such. */
export const overSharePartition = (lane: string): string => `OVER-SHARE#${lane}`;

/** The reconciler's round, how far each queue is worked off, and how far all is encrypted anew. */
export const SWEEP = 'SWEEP';
export const roundKey: Key = { pk: SWEEP, sk: 'round' };
/** The last export of the audit. */
export const auditExportKey: Key = { pk: SWEEP, sk: 'audit-export' };
export const reEncryptionKey: Key = { pk: SWEEP, sk: 're-encryption' };
export const workedOffKey = (queue: string, group = ''): Key => ({ pk: SWEEP, sk: `worked-off#${queue}#${group}` });
/** Lists that the reconciler checks later. */
export const laterPartition = (project: string): string => `${project}#Q`;
/** How far the project's content has ended. */
export const contentKey = (project: string): Key => ({ pk: laterPartition(project), sk: 'content' });

// Index partitions of the task runs table
/** g1, here and in the table of dead letters: what an endpoint has. */
export const endpointIndex = (endpoint: string, n: number): string => `${endpoint}#${n}`;
/** g1: events of a business key. The business key comes last because it may hold any character. */
export const eventKeyIndex = (project: string, n: number, key: string): string => `${project}#K#${n}#${key}`;
/** g3: runs of a schedule. */
export const scheduleIndex = (schedule: string, n: number): string => `${schedule}#${n}`;
/** g3: runs whose body has that format. */
export const formatIndex = (project: string, format: string, n: number): string => `${project}#${format}#${n}`;
/** g2: states of runs whose retry is waiting or under way. */
export const waitingIndex = (project: string, n: number): string => `${project}#W#${n}`;
/** g2: states of runs that ended without success. */
export const endedIndex = (project: string, n: number): string => `${project}#X#${n}`;

// Dead letters table
export const deadPartition = (project: string, n: number): string => `${project}#${n}`;
export const deadLetterKey = keyIn(deadPartition);
/** g2: dead letters that are open. */
export const openIndex = (project: string, n: number): string => `${project}#open#${n}`;

/** The project of an item in the tables of task runs and of dead letters. */
export const projectOf = ({ pk }: Key): string => pk.slice(0, pk.indexOf('#'));

/** Unix milliseconds as an item's `ttl`. */
export function seconds(at: number): number {
  return Math.ceil(at / 1000);
}

/** Expired items are filtered on read, since DynamoDB deletes them up to days late. */
export function isLive(item: { readonly ttl: number }, now: number): boolean {
  return item.ttl * 1000 > now;
}

/** The table of task runs and events. */
export interface RunsTable {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly clock: Clock;
}
