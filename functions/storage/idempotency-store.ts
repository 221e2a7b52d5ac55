import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { idempotencyKey, type Key, seconds, valueIn } from './keys.js';
import { Table } from './table.js';

/** The record of a request under an Idempotency-Key. Times are Unix milliseconds. */
export interface IdempotencyRecord {
  /** SHA-256 of all that must be equal in a repeat. */
  readonly request_hash: string;
  /** Source of the request's ids and moment; kept as long as any of the request's steps may have been done. */
  readonly seed: string;
  readonly at: number;
  readonly state: 'running' | 'done';
  /** While running: the moment until which its worker counts as alive. */
  readonly lease: number;
  /** The first answer, encrypted. A request that is done has none if the answer was too large to store. */
  readonly answer?: string;
}

export interface RequestKey {
  /** A project's id, or a person. */
  readonly scope: string;
  /** Names route and Idempotency-Key. */
  readonly fingerprint: string;
}

/** Every method but `find` answers whether its condition held; `seen` is the record as last read or written. */
export interface IdempotencyStore {
  /** Strongly consistent; a record is not found any more when its time is over. */
  find(key: RequestKey): Promise<IdempotencyRecord | undefined>;
  /** Puts the record, for so long, if there is none. */
  begin(key: RequestKey, record: IdempotencyRecord, keptMs: number): Promise<boolean>;
  /** Moves a running request's lease: later to take it over, or to 0 so that the next repeat takes it over at once. */
  moveLease(key: RequestKey, seen: IdempotencyRecord, lease: number): Promise<boolean>;
  /** The first answer stays: a second worker that completes the request changes nothing. */
  complete(key: RequestKey, seen: IdempotencyRecord, answer?: string): Promise<boolean>;
  /** Deletes the record of a request of which no step was done. */
  release(key: RequestKey, seen: IdempotencyRecord): Promise<boolean>;
}

const MINE = '#state = :running AND seed = :seed AND lease = :lease';

export function createIdempotencyStore(
  client: DynamoDBDocumentClient,
  name: string,
  clock: { now(): number },
): IdempotencyStore {
  const table = new Table(client, name);
  const keyOf = ({ scope, fingerprint }: RequestKey): Key => idempotencyKey(scope, fingerprint);
  const mine = ({ seed, lease }: IdempotencyRecord) => ({ running: 'running', seed, lease });

  return {
    async find(key) {
      const row = await table.getLive<Key & { readonly ttl: number }>(keyOf(key), clock.now());
      return row && valueIn<IdempotencyRecord>(row);
    },

    begin: (key, record, keptMs) =>
      table.putIfAbsent({ ...keyOf(key), ...record, ttl: seconds(record.at + keptMs) }, clock.now()),

    moveLease: (key, seen, next) => table.updateIf(keyOf(key), 'SET lease = :next', MINE, { ...mine(seen), next }),

    complete(key, { seed }, answer) {
      const update = `SET #state = :done${answer === undefined ? '' : ', answer = :answer'}`;
      // The lease is not compared: of two workers at one request, the first to finish completes it.
      const isOpen = '#state = :running AND seed = :seed';
      return table.updateIf(keyOf(key), update, isOpen, { running: 'running', done: 'done', seed, answer });
    },

    release: (key, seen) => table.removeIf(keyOf(key), MINE, mine(seen)),
  };
}
