import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Clock, RunKey, RunStore, StoredRun } from '../../core/ports.js';
import { type Payload, type RunDefinition, stateExpiry } from '../../core/run/task-run.js';
import { batchGet } from './batch-get.js';
import { held } from './conditional-write.js';
import { attemptKey, type Key, runKey, STATE_SUFFIX, stateKey } from './keys.js';
import { payloadItem, readPayload } from './payload-item.js';
import { putIfAbsent } from './put-if-absent.js';
import { readTogether } from './read-together.js';
import { attemptItem, attemptOf, definitionItems, definitionOf, type Item, stateItem, stateOf } from './run-items.js';
import { seconds } from './time-to-live.js';

/** Task runs in DynamoDB. One Query reads a run's definition and state together. */
export function createRunStore(client: DynamoDBDocumentClient, table: string, clock: Clock): RunStore {
  const put = (item: Item) => putIfAbsent(client, table, item, clock.now());

  return {
    find: (key) => find(key, true),
    glimpse: (key) => find(key, false),

    async create(definition) {
      // The payload first: whoever sees the definition must find it whole.
      for (const item of definitionItems(definition)) await put(item);
    },

    begin: (key, state) => put(stateItem(key, state)),

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
      const { project_id, id, payload } = definition;
      // It may outlive its event now, and needs its own copy of what lies there.
      if (definition.payload_with_event && payload) await put(payloadItem(project_id, id, payload, seconds(expiresAt)));
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

  async function find(key: RunKey, consistent: boolean): Promise<StoredRun> {
    const { pk, sk } = runKey(key.project, key.run);
    const items = await readTogether(client, table, { pk, sk }, clock.now(), { consistent });
    const [item, state] = [items.get(sk), items.get(sk + STATE_SUFFIX)];
    const definition = item && definitionOf(item);
    const payload = definition && (await payloadApart(definition, item));
    return {
      ...(definition && { definition: { ...definition, ...(payload && { payload }) } }),
      ...(state && { state: stateOf(state) }),
    };
  }

  async function payloadApart(definition: RunDefinition, item: Item): Promise<Payload | undefined> {
    const { project_id, id, source, payload_with_event } = definition;
    if (!payload_with_event && !item['apart']) return undefined;
    const shared = payload_with_event && (await readPayload(client, table, project_id, source.id!));
    // Its own: also of a run that has outlived its event, and was given a copy before.
    const payload = shared || (await readPayload(client, table, project_id, id));
    // It was written first, and lasts longer: without it, something else would be sent than what was asked for.
    if (payload === undefined) throw new Error(`the payload of ${id} is gone`);
    return payload;
  }

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
}
