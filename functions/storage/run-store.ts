import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../primitives/clock.js';
import { askOnce } from '../primitives/once.js';
import type { RunKey, RunStore, StoredRun } from '../protocol/rules/ports.js';
import { PayloadGoneError } from '../protocol/runs/lost-run.js';
import { type RunDefinition, stateExpiry } from '../subjects/task-runs/task-run.js';
import { batchGet } from './batch-get.js';
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
import { Table } from './table.js';

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
export function createRunStore(client: DynamoDBDocumentClient, name: string, clock: Clock): DynamoRunStore {
  const runs = { client, table: name, clock };
  const table = new Table(client, name);
  const put = (item: Item) => table.putIfAbsent(item, clock.now());

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
      for (const item of [...runLabelItems(definition), ...definitionItems(definition)]) await table.put(item);
    },

    async redact(definition) {
      // The definition first: a reader that sees a payload's name must find the payload.
      await Promise.all(definitionItems(definition).map((item) => table.putIf(item, 'attribute_exists(pk)')));
      await table.remove(payloadKey(definition.project_id, definition.id));
    },

    begin: (key, state) => put(stateItem(key, state)),

    advance: (key, { version }, next) => table.putIf(stateItem(key, next), 'version = :seen', { seen: version }),

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
      const item = await table.getLive<Item>(stateKey(project, run), clock.now());
      return item !== undefined && stateOf(item).cancel_requested === true;
    },

    putAttempt: (attempt, expiresAt) => table.put(attemptItem(attempt, expiresAt)),

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
  function expireAt(key: Key, at: number, where = ''): Promise<boolean> {
    return table.updateIf(key, 'SET #ttl = :ttl', `attribute_exists(pk)${where}`, { ttl: seconds(at) });
  }
}
