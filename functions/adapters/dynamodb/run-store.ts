import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Clock, FreshRun, RunKey, RunStore, StoredRun } from '../../core/ports.js';
import { PayloadGoneError } from '../../core/run/lost-run.js';
import { pendingState, type RunDefinition, stateExpiry } from '../../core/run/task-run.js';
import { batchGet } from './batch-get.js';
import { held } from './conditional-write.js';
import { createEndpointSeconds } from './endpoint-seconds.js';
import { runMadeByEvent } from './event-runs.js';
import { definitionsAt } from './fresh-runs.js';
import { attemptKey, type Key, payloadKey, runKey, STATE_SUFFIX, stateKey } from './keys.js';
import { putIfAbsent } from './put-if-absent.js';
import { readTogether } from './read-together.js';
import { attemptItem, attemptOf, definitionItems, definitionWith, type Item, stateItem, stateOf } from './run-items.js';
import { keepPayload, wholeRun, withPayload } from './run-payload.js';
import { isLive, seconds } from './time-to-live.js';

export interface DynamoRunStore extends RunStore {
  /** What each of these runs is, by one call for all that have a row, and one for each page; see `definition`. */
  definitionsAt(fresh: readonly FreshRun[]): Promise<PromiseSettledResult<RunDefinition | undefined>[]>;
}

/** Task runs in DynamoDB. One Query reads a run's definition and state together. */
export function createRunStore(client: DynamoDBDocumentClient, table: string, clock: Clock): DynamoRunStore {
  const runs = { client, table, clock };
  const endpointSeconds = createEndpointSeconds(client, table);
  const put = (item: Item) => putIfAbsent(client, table, item, clock.now());

  return {
    async find(key) {
      const found = await look(key, true);
      if (found.definition ?? found.state) return found;
      const definition = await runMadeByEvent(runs, key);
      return definition ? { definition: await withPayload(runs, definition) } : {};
    },

    glimpse: (key) => look(key, false),

    async definition(fresh) {
      const [result] = await definitionsAt(runs, [fresh]);
      if (result!.status === 'rejected') throw result!.reason;
      return result!.value;
    },

    definitionsAt: (fresh) => definitionsAt(runs, fresh),

    enlist: endpointSeconds.note,

    async create(definition) {
      await endpointSeconds.note(definition);
      // The payload first: whoever sees the definition must find it whole.
      for (const item of definitionItems(definition)) await put(item);
    },

    async replace(definition) {
      await endpointSeconds.note(definition);
      for (const Item of definitionItems(definition)) await client.send(new PutCommand({ TableName: table, Item }));
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
      const kept = { ...definition, expires_at: expiresAt };
      await Promise.all([endpointSeconds.note(kept), keepPayload(runs, kept)]);
      // Without a row of its own, only a state makes it live longer than its event says.
      const begins = definition.with_state === true && state === undefined;
      const first = begins && stateItem({ project, run }, pendingState(kept));
      if (first && (await put(first))) return;
      // A payload may lie apart, and a copy of its event's may have been kept for longer than is left now.
      const keys = [...(definition.with_state ? [] : [runKey(project, run)]), payloadKey(project, run)];
      const until = definition.with_state && seconds(expiresAt);
      await Promise.all([
        ...keys.map((key) => expireAt(key, expiresAt)),
        (state !== undefined || begins) && expireAt(stateKey(project, run), stateExpiry(expiresAt), until),
      ]);
    },

    async keepAtLeast({ definition, state }, expiresAt) {
      if (definition === undefined) return;
      const { project_id: project, id: run, with_state } = definition;
      const kept = { ...definition, expires_at: expiresAt };
      // The definition last: a reader that finds it must find the rest.
      await Promise.all([
        endpointSeconds.note(kept),
        keepPayload(runs, kept),
        prolong(payloadKey(project, run), expiresAt),
        state && prolong(stateKey(project, run), stateExpiry(expiresAt), with_state && seconds(expiresAt)),
      ]);
      if (!with_state) await prolong(runKey(project, run), expiresAt);
    },

    keepPayload: (run) => keepPayload(runs, run),

    async isCancelRequested({ project, run }) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: stateKey(project, run), ConsistentRead: true }),
      );
      const item = Item as Item | undefined;
      return item !== undefined && isLive(item, clock.now()) && stateOf(item).cancel_requested === true;
    },

    async putAttempt(attempt, expiresAt) {
      const item = attemptItem(attempt, expiresAt);
      await Promise.all([
        endpointSeconds.note({ ...attempt, expires_at: expiresAt }),
        client.send(new PutCommand({ TableName: table, Item: item })),
      ]);
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
    const own = definitionWith(state, clock.now());
    const whole = row ? wholeRun(runs, row) : own && withPayload(runs, own);
    const definition = await whole?.catch((error) => {
      throw error instanceof PayloadGoneError && state ? new PayloadGoneError({ ...error.found, state }) : error;
    });
    return { ...(definition && { definition }), ...(state && { state }) };
  }

  /** As `expireAt`, but never to an earlier end: it may have been given a later one since it was read. */
  function prolong(key: Key, at: number, until?: number): Promise<boolean> {
    return expireAt(key, at, until, until === undefined ? ' AND #ttl < :ttl' : ' AND #until < :until');
  }

  /** Changes nothing where there is no such item. `until`: of the definition that lies with a state, in Unix seconds. */
  function expireAt({ pk, sk }: Key, at: number, until?: number, where = ''): Promise<boolean> {
    return held(
      client.send(
        new UpdateCommand({
          TableName: table,
          Key: { pk, sk },
          UpdateExpression: until === undefined ? 'SET #ttl = :ttl' : 'SET #ttl = :ttl, #until = :until',
          ConditionExpression: `attribute_exists(pk)${where}`,
          ExpressionAttributeNames: { '#ttl': 'ttl', ...(until !== undefined && { '#until': 'until' }) },
          ExpressionAttributeValues: { ':ttl': seconds(at), ...(until !== undefined && { ':until': until }) },
        }),
      ),
    );
  }
}
