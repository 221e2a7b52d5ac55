import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { BoundedCache } from '../primitives/bounded-cache.js';
import { type Clock, systemClock } from '../primitives/clock.js';
import { type IdPrefix, isId } from '../primitives/ids.js';
import type { ConfigReader } from '../subjects/endpoints/config-reader.js';
import type { Endpoint, EndpointKey } from '../subjects/endpoints/endpoint.js';
import type { ApiKey, Project } from '../subjects/projects/project.js';
import type { NamedRetryPolicy } from '../subjects/retry-policies/retry-policy-schema.js';
import { batchGet } from './batch-get.js';
import { createDocuments, type Item, objectIn } from './documents.js';
import { createFilterHints } from './filter-hints.js';
import { apiKeyHashKey, apiKeyKey, configKey, type Key, PROJECTS, projectKey } from './keys.js';

/**
 * Projects, API keys, endpoints and retry policies. Reads are strongly consistent. `create…` puts if absent and answers
 * the stored object; `change…` answers the stored object, or undefined when there is none. Lists are newest first,
 * strictly before the id `before`. An id of the wrong form is not found.
 */
export interface ConfigStore extends ConfigReader {
  /** Also a deleted project: it is shown, and its messages look for its end. */
  project(id: string): Promise<Project | undefined>;
  liveProject(id: string): Promise<Project | undefined>;
  projects(before: string | undefined, limit: number): Promise<Project[]>;
  /** Deleted projects too. */
  everyProject(): Promise<Project[]>;
  createProject(project: Project): Promise<Project>;
  changeProject(id: string, change: (current: Project) => Project): Promise<Project | undefined>;

  /**
   * The live key with this SHA-256 (hex), and its live project. The key is read each time. The project may be up to
   * five seconds old: callers use its number of shards alone, and the deletion of a project revokes its keys.
   */
  keyByHash(hash: string): Promise<{ key: ApiKey; project: Project } | undefined>;
  /** The live key with this id, and its live project, as `keyByHash` finds them. */
  keyById(id: string): Promise<{ key: ApiKey; project: Project } | undefined>;
  keys(project: string, before: string | undefined, limit: number): Promise<ApiKey[]>;
  /** A repeat adds its own hash to the stored key, since the secret of an interrupted first try was never answered. */
  createKey(key: ApiKey, hash: string): Promise<ApiKey>;
  /** Whether this call revoked the key; a repeat with the same `at` is the same revocation. */
  revokeKey(project: string, id: string, at: number): Promise<boolean>;
  /** Sets `last_used_at` and `last_used_from`, unless the last use is later than `since` already. */
  noteKeyUse(id: string, from: string, at: number, since: number): Promise<void>;

  /** The endpoint of each key, by one call for all of them. */
  endpointsAt(keys: readonly EndpointKey[]): Promise<(Endpoint | undefined)[]>;
  endpoints(project: string, before: string | undefined, limit: number): Promise<Endpoint[]>;
  createEndpoint(endpoint: Endpoint): Promise<Endpoint>;
  changeEndpoint(project: string, id: string, change: (current: Endpoint) => Endpoint): Promise<Endpoint | undefined>;
  deleteEndpoint(project: string, id: string): Promise<boolean>;

  retryPolicy(project: string, id: string): Promise<NamedRetryPolicy | undefined>;
  retryPolicies(project: string, before: string | undefined, limit: number): Promise<NamedRetryPolicy[]>;
  createRetryPolicy(policy: NamedRetryPolicy): Promise<NamedRetryPolicy>;
  changeRetryPolicy(
    project: string,
    id: string,
    change: (current: NamedRetryPolicy) => NamedRetryPolicy,
  ): Promise<NamedRetryPolicy | undefined>;
  deleteRetryPolicy(project: string, id: string): Promise<boolean>;
}

/** The project's pointer to a key; it stays when the key is revoked, since only it leads to the key's other items. */
interface KeyEntry {
  readonly id: string;
  /** SHA-256 of the key, in hex; two, where the first try of its creation was interrupted. */
  readonly hashes: readonly string[];
  readonly revoked?: boolean;
}

/** The item under the SHA-256 of a key. */
interface KeyPointer {
  readonly key_id: string;
  readonly project_id: string;
}

const POINTERS_KEPT = 1_000;
const OWNERS_KEPT = 1_000;
const OWNER_KEPT_MS = 5_000;

function ofLiveKey(key: ApiKey | undefined, owner: Project | undefined) {
  return key && owner && key.revoked_at === undefined ? { key, project: owner } : undefined;
}

export function createConfigStore(
  client: DynamoDBDocumentClient,
  table: string,
  clock: Clock = systemClock,
): ConfigStore {
  const documents = createDocuments(client, table);
  const liveProject = async (id: string) => {
    const found = await project(id);
    return found?.deleted_at === undefined ? found : undefined;
  };
  const owners = new BoundedCache<Project>(OWNERS_KEPT, { ms: OWNER_KEPT_MS, now: () => clock.now() });
  const ownerOf = async (id: string): Promise<Project | undefined> => {
    const known = owners.get(id);
    if (known) return known;
    const owner = await liveProject(id);
    if (owner) owners.set(id, owner);
    return owner;
  };
  const byId = async <T extends object>(prefix: IdPrefix, id: string, key: Key) =>
    isId(prefix, id) ? documents.read<T>(key) : undefined;
  const project = (id: string) => byId<Project>('proj', id, projectKey(id));
  const endpoint = (projectId: string, id: string) => byId<Endpoint>('ep', id, configKey(projectId, id));
  const hints = createFilterHints(client, table, endpoint);

  /** A pointer never changes, so it is cached without end; the key's own item says whether the key is still good. */
  const pointers = new BoundedCache<KeyPointer>(POINTERS_KEPT);
  const pointerOf = async (hash: string): Promise<KeyPointer | undefined> => {
    const found = pointers.get(hash) ?? (await documents.read<KeyPointer>(apiKeyHashKey(hash)));
    if (found) pointers.set(hash, found);
    return found;
  };

  return {
    project,
    liveProject,
    projects: (before, limit) =>
      documents.newest<Project>(
        { partition: PROJECTS, prefix: 'proj', before },
        limit,
        (it) => it.deleted_at === undefined,
      ),
    everyProject: () => documents.newest<Project>({ partition: PROJECTS, prefix: 'proj', before: undefined }, Infinity),
    createProject: (created) => documents.create(projectKey(created.id), created),
    changeProject: (id, change) => documents.change(projectKey(id), change),

    async keyByHash(hash) {
      const pointer = await pointerOf(hash);
      if (pointer === undefined) return undefined;
      const [key, owner] = await Promise.all([
        documents.read<ApiKey>(apiKeyKey(pointer.key_id)),
        ownerOf(pointer.project_id),
      ]);
      return ofLiveKey(key, owner);
    },

    async keyById(id) {
      const key = await byId<ApiKey>('ak', id, apiKeyKey(id));
      return ofLiveKey(key, key && (await ownerOf(key.project_id)));
    },

    async keys(projectId, before, limit) {
      const list = { partition: projectId, prefix: 'ak', before } as const;
      const pointers = await documents.newest<KeyEntry>(list, limit, ({ revoked }) => !revoked);
      const items = await batchGet<ApiKey & Item>(
        { client, table, clock },
        pointers.map(({ id }) => apiKeyKey(id)),
      );
      const found = new Map(items.map((item) => [item.id, objectIn<ApiKey>(item)]));
      // An interrupted revocation has not changed its pointer yet.
      return pointers.flatMap(({ id }) => found.get(id) ?? []).filter((key) => key.revoked_at === undefined);
    },

    async createKey(key, hash) {
      // The key's own item is the authority and is written last: a key is good only when its pointers exist.
      const entry = configKey(key.project_id, key.id);
      const { hashes } = await documents.create<KeyEntry>(entry, { id: key.id, hashes: [hash] });
      if (!hashes.includes(hash))
        await documents.change<KeyEntry>(entry, (it) => ({ ...it, hashes: [...it.hashes, hash] }));
      await documents.create<KeyPointer>(apiKeyHashKey(hash), { key_id: key.id, project_id: key.project_id });
      const stands = await documents.create(apiKeyKey(key.id), key);
      if (stands.last_four === key.last_four) return stands;
      const changed = await documents.change<ApiKey>(apiKeyKey(key.id), (it) => ({ ...it, last_four: key.last_four }));
      return changed ?? stands;
    },

    async revokeKey(projectId, id, at) {
      const key = await byId<ApiKey>('ak', id, apiKeyKey(id));
      if (key?.project_id !== projectId) return false;
      const after = await documents.change<ApiKey>(apiKeyKey(id), (current) =>
        current.revoked_at === undefined ? { ...current, revoked_at: at } : current,
      );
      await documents.change<KeyEntry>(configKey(projectId, id), (entry) =>
        entry.revoked ? entry : { ...entry, revoked: true },
      );
      return after?.revoked_at === at;
    },

    noteKeyUse: (id, from, at, since) => documents.noteUse(apiKeyKey(id), from, at, since),

    endpoint,
    async endpointsAt(keys) {
      const wanted = new Map(
        keys.map((key) => [`${key.project} ${key.endpoint}`, configKey(key.project, key.endpoint)]),
      );
      const items = await batchGet<Item>({ client, table, clock }, [...wanted.values()]);
      return keys.map(({ project: owner, endpoint: id }) => {
        const found = items.find((item) => item.pk === owner && item.sk === id);
        return found && objectIn<Endpoint>(found);
      });
    },
    endpoints: (partition, before, limit) => documents.newest({ partition, prefix: 'ep', before }, limit),
    async createEndpoint(created) {
      await hints.put(created.project_id, created.id, created.event_filters);
      return documents.create(configKey(created.project_id, created.id), created);
    },
    async changeEndpoint(projectId, id, change) {
      const before = await endpoint(projectId, id);
      if (before === undefined) return undefined;
      const intended = change(before);
      if (intended.event_filters === before.event_filters) return documents.change(configKey(projectId, id), change);
      await hints.put(projectId, id, intended.event_filters);
      const changed = await documents.change(configKey(projectId, id), change);
      await hints.align(projectId, id, [...(before.event_filters ?? []), ...(intended.event_filters ?? [])]);
      return changed;
    },
    async deleteEndpoint(projectId, id) {
      const filters = (await endpoint(projectId, id))?.event_filters ?? [];
      const removed = await documents.remove(configKey(projectId, id));
      await hints.align(projectId, id, filters);
      return removed;
    },

    retryPolicy: (projectId, id) => byId<NamedRetryPolicy>('rp', id, configKey(projectId, id)),
    retryPolicies: (partition, before, limit) => documents.newest({ partition, prefix: 'rp', before }, limit),
    createRetryPolicy: (created) => documents.create(configKey(created.project_id, created.id), created),
    changeRetryPolicy: (projectId, id, change) => documents.change(configKey(projectId, id), change),
    deleteRetryPolicy: (projectId, id) => documents.remove(configKey(projectId, id)),
  };
}
