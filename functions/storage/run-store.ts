import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../primitives/clock.js';
import { askOnce } from '../primitives/once.js';
import type { RunKey, RunStore, StoredRun } from '../protocol/rules/ports.js';
import { PayloadGoneError } from '../protocol/runs/lost-run.js';
import { type RunDefinition, stateExpiry } from '../subjects/task-runs/task-run.js';
import { batchGet } from './batch-get.js';
import { held, putIfAbsent } from './conditional-write.js';
import {
  attemptKey,
  isLive,
  type Key,
  payloadKey,
  type RunsTable,
  runKey,
  STATE_SUFFIX,
  seconds,
  stateKey,
} from './keys.js';
import {
  attemptItem,
  attemptOf,
  definitionItems,
  type Item,
  readTogether,
  runLabelItems,
  stateItem,
  stateOf,
} from './run-items.js';
import { keepPayload, wholeRun } from './run-payload.js';

/** Definitions by one eventually consistent call, and one more call for each payload in an item of its own. */
export async function definitionsAt(
  runs: RunsTable,
  keys: readonly RunKey[],
): Promise<PromiseSettledResult<RunDefinition | undefined>[]> {
  const wanted = new Map(keys.map(({ project, run }) => [run, runKey(project, run)]));
  const items = await batchGet<Item>(runs, [...wanted.values()], { consistent: false });
  const rows = new Map(items.filter((item) => isLive(item, runs.clock.now())).map((item) => [item.sk, item]));
  const once = askOnce();
  // Each run settles for itself: a run whose payload is gone must not fail the other runs of its batch.
  return Promise.allSettled(
    keys.map(async ({ run }) => {
      const row = rows.get(run);
      return row && wholeRun(runs, row, once);
    }),
  );
}

export interface DynamoRunStore extends RunStore {
  /** The definition of each run, by one call for all; see `definition`. */
  definitionsAt(keys: readonly RunKey[]): Promise<PromiseSettledResult<RunDefinition | undefined>[]>;
}

/** Task runs in DynamoDB. One Query reads a run's definition and state together. */
export function createRunStore(client: DynamoDBDocumentClient, table: string, clock: Clock): DynamoRunStore {
  const runs = { client, table, clock };
  const put = (item: Item) => putIfAbsent(client, table, item, clock.now());

  return {
    find: (key) => look(key, true),

    glimpse: (key) => look(key, false),

    async definition(key) {
      const [result] = await definitionsAt(runs, [key]);
      if (result!.status === 'rejected') throw result!.reason;
      return result!.value;
    },

    definitionsAt: (keys) => definitionsAt(runs, keys),

    async create(definition) {
      // The payload is written first: a reader that sees the definition must find its payload.
      for (const item of [...runLabelItems(definition), ...definitionItems(definition)]) await put(item);
    },

    async replace(definition) {
      for (const Item of [...runLabelItems(definition), ...definitionItems(definition)])
        await client.send(new PutCommand({ TableName: table, Item }));
    },

    async redact(definition) {
      const { project_id: project, id } = definition;
      // The definition first: a reader that sees a payload's name must find the payload.
      const written = definitionItems(definition).map((Item) =>
        held(client.send(new PutCommand({ TableName: table, Item, ConditionExpression: 'attribute_exists(pk)' }))),
      );
      await Promise.all(written);
      await client.send(new DeleteCommand({ TableName: table, Key: payloadKey(project, id) }));
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
      const { project_id: project, id: run } = definition;
      await keepPayload(runs, definition, expiresAt);
      await Promise.all([
        expireAt(runKey(project, run), expiresAt),
        expireAt(payloadKey(project, run), expiresAt),
        ...runLabelItems(definition).map((item) => expireAt(item, expiresAt)),
        state && expireAt(stateKey(project, run), stateExpiry(expiresAt)),
      ]);
    },

    async keepAtLeast({ definition, state }, expiresAt) {
      if (definition === undefined) return;
      const { project_id: project, id: run } = definition;
      // The definition is prolonged last: a reader that finds the definition must find the other items.
      await Promise.all([
        keepPayload(runs, definition, expiresAt),
        prolong(payloadKey(project, run), expiresAt),
        ...runLabelItems(definition).map((item) => prolong(item, expiresAt)),
        state && prolong(stateKey(project, run), stateExpiry(expiresAt)),
      ]);
      await prolong(runKey(project, run), expiresAt);
    },

    async isCancelRequested({ project, run }) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: stateKey(project, run), ConsistentRead: true }),
      );
      const item = Item as Item | undefined;
      return item !== undefined && isLive(item, clock.now()) && stateOf(item).cancel_requested === true;
    },

    async putAttempt(attempt, expiresAt) {
      await client.send(new PutCommand({ TableName: table, Item: attemptItem(attempt, expiresAt) }));
    },

    async attempts(project, ids) {
      const keys = ids.map((id) => attemptKey(project, id));
      const items = await batchGet<Item>(runs, keys);
      const live = items.filter((item) => isLive(item, clock.now()));
      const found = new Map(live.map((item) => [item.sk, attemptOf(item)]));
      return ids.flatMap((id) => found.get(id) ?? []);
    },
  };

  async function look(key: RunKey, consistent: boolean): Promise<StoredRun> {
    const { pk, sk } = runKey(key.project, key.run);
    const items = await readTogether(runs, { pk, sk }, { consistent });
    const [row, stateRow] = [items.get(sk), items.get(sk + STATE_SUFFIX)];
    const state = stateRow && stateOf(stateRow);
    const definition = await (row && wholeRun(runs, row))?.catch((error) => {
      throw error instanceof PayloadGoneError && state ? new PayloadGoneError({ ...error.found, state }) : error;
    });
    return { ...(definition && { definition }), ...(state && { state }) };
  }

  /** As `expireAt`, but never to an earlier moment: another writer may have prolonged the item since it was read. */
  function prolong(key: Key, at: number): Promise<boolean> {
    return expireAt(key, at, ' AND #ttl < :ttl');
  }

  /** Sets an item's TTL; changes nothing where there is no such item. */
  function expireAt({ pk, sk }: Key, at: number, where = ''): Promise<boolean> {
    return held(
      client.send(
        new UpdateCommand({
          TableName: table,
          Key: { pk, sk },
          UpdateExpression: 'SET #ttl = :ttl',
          ConditionExpression: `attribute_exists(pk)${where}`,
          ExpressionAttributeNames: { '#ttl': 'ttl' },
          ExpressionAttributeValues: { ':ttl': seconds(at) },
        }),
      ),
    );
  }
}
