import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Clock, RunKey, RunStore, StoredRun } from '../../core/ports.js';
import { type Payload, stateExpiry } from '../../core/run/task-run.js';
import { batchGet } from './batch-get.js';
import { held } from './conditional-write.js';
import { attemptKey, type Key, payloadKey, runKey, STATE_SUFFIX, stateKey } from './keys.js';
import { unpack } from './packed.js';
import {
  attemptItem,
  attemptOf,
  definitionItems,
  definitionOf,
  type Item,
  isLive,
  seconds,
  stateItem,
  stateOf,
} from './run-items.js';

/** Task runs in DynamoDB. One Query reads a run's definition and state together, strongly. */
export function createRunStore(client: DynamoDBDocumentClient, table: string, clock: Clock): RunStore {
  async function payloadOf({ project, run }: RunKey): Promise<Payload | undefined> {
    const { Item } = await client.send(
      new GetCommand({ TableName: table, Key: payloadKey(project, run), ConsistentRead: true }),
    );
    return Item && unpack<Payload>(Item['data']);
  }

  return {
    async find(key): Promise<StoredRun> {
      const { pk, sk } = runKey(key.project, key.run);
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
          ExpressionAttributeValues: { ':pk': pk, ':sk': sk },
          ConsistentRead: true,
        }),
      );
      const live = (Items as Item[]).filter((item) => isLive(item, clock.now()));
      const definition = live.find((item) => item.sk === sk);
      const state = live.find((item) => item.sk === sk + STATE_SUFFIX);
      const payload = definition?.['apart'] ? await payloadOf(key) : undefined;
      return {
        ...(definition && { definition: definitionOf(definition, payload) }),
        ...(state && { state: stateOf(state) }),
      };
    },

    async create(definition) {
      // The payload first: whoever sees the definition must find it whole.
      for (const item of definitionItems(definition)) await held(putIfAbsent(item));
    },

    begin: (key, state) => held(putIfAbsent(stateItem(key, state))),

    advance: (key, seen, next) =>
      held(
        client.send(
          new PutCommand({
            TableName: table,
            Item: stateItem(key, next),
            ConditionExpression: 'version = :seen',
            ExpressionAttributeValues: { ':seen': seen.version },
          }),
        ),
      ),

    async keepUntil({ definition, state }, expiresAt) {
      if (definition === undefined) return;
      const { project_id, id } = definition;
      await Promise.all([
        ...definitionItems(definition).map((item) => expireAt(item, expiresAt)),
        state && expireAt(stateKey(project_id, id), stateExpiry(expiresAt)),
      ]);
    },

    async isCancelRequested({ project, run }) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: stateKey(project, run), ConsistentRead: true }),
      );
      return Item !== undefined && stateOf(Item as Item).cancel_requested === true;
    },

    async putAttempt(attempt, expiresAt) {
      await client.send(new PutCommand({ TableName: table, Item: attemptItem(attempt, expiresAt) }));
    },

    async attempts(project, ids) {
      const keys = ids.map((id) => attemptKey(project, id));
      const items = await batchGet<Item>({ client, table, clock }, keys);
      const found = new Map(items.map((item) => [item.sk, attemptOf(item)]));
      return ids.flatMap((id) => found.get(id) ?? []);
    },
  };

  /** Changes nothing where there is no such item. */
  function expireAt({ pk, sk }: Key, at: number): Promise<boolean> {
    return held(
      client.send(
        new UpdateCommand({
          TableName: table,
          Key: { pk, sk },
          UpdateExpression: 'SET #ttl = :ttl',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeNames: { '#ttl': 'ttl' },
          ExpressionAttributeValues: { ':ttl': seconds(at) },
        }),
      ),
    );
  }

  /** An item whose time is up counts as absent, although DynamoDB has not deleted it yet. */
  function putIfAbsent(item: Item): Promise<unknown> {
    return client.send(
      new PutCommand({
        TableName: table,
        Item: item,
        ConditionExpression: 'attribute_not_exists(pk) OR #ttl <= :now',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: { ':now': Math.floor(clock.now() / 1000) },
      }),
    );
  }
}
