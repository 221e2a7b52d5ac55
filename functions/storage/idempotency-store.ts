import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { held, putIfAbsent } from './conditional-write.js';
import { idempotencyKey, isLive, type Key, seconds, valueIn } from './keys.js';

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
const STATE = { '#state': 'state' };

export function createIdempotencyStore(
  client: DynamoDBDocumentClient,
  table: string,
  clock: { now(): number },
): IdempotencyStore {
  const keyOf = ({ scope, fingerprint }: RequestKey): Key => idempotencyKey(scope, fingerprint);
  const mine = ({ seed, lease }: IdempotencyRecord) => ({ ':running': 'running', ':seed': seed, ':lease': lease });

  return {
    async find(key) {
      const { Item } = await client.send(new GetCommand({ TableName: table, Key: keyOf(key), ConsistentRead: true }));
      if (Item === undefined || !isLive({ ttl: Item['ttl'] }, clock.now())) return undefined;
      return valueIn<IdempotencyRecord>(Item as Key);
    },

    begin: (key, record, keptMs) =>
      putIfAbsent(client, table, { ...keyOf(key), ...record, ttl: seconds(record.at + keptMs) }, clock.now()),

    moveLease: (key, seen, lease) =>
      held(
        client.send(
          new UpdateCommand({
            TableName: table,
            Key: keyOf(key),
            UpdateExpression: 'SET lease = :next',
            ConditionExpression: MINE,
            ExpressionAttributeNames: STATE,
            ExpressionAttributeValues: { ...mine(seen), ':next': lease },
          }),
        ),
      ),

    complete: (key, { seed }, answer) =>
      held(
        client.send(
          new UpdateCommand({
            TableName: table,
            Key: keyOf(key),
            UpdateExpression: answer === undefined ? 'SET #state = :done' : 'SET #state = :done, answer = :answer',
            // The lease is not compared: of two workers at one request, the first to finish completes it.
            ConditionExpression: '#state = :running AND seed = :seed',
            ExpressionAttributeNames: STATE,
            ExpressionAttributeValues: {
              ':running': 'running',
              ':done': 'done',
              ':seed': seed,
              ...(answer !== undefined && { ':answer': answer }),
            },
          }),
        ),
      ),

    release: (key, seen) =>
      held(
        client.send(
          new DeleteCommand({
            TableName: table,
            Key: keyOf(key),
            ConditionExpression: MINE,
            ExpressionAttributeNames: STATE,
            ExpressionAttributeValues: mine(seen),
          }),
        ),
      ),
  };
}
