import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createKeyring, encryptionWith } from '../../functions/primitives/encryption.js';
import { makeId } from '../../functions/primitives/ids.js';
import type { DeadLetterNotice, FireToken, LaneToken, WakeUpToken } from '../../functions/protocol/rules/token.js';
import type { ApiPorts } from '../../functions/runtime/api-ports.js';
import type { Secrets } from '../../functions/runtime/secrets.js';
import { createBulkStore } from '../../functions/storage/bulk-store.js';
import { createClaimStore } from '../../functions/storage/claim-store.js';
import type { ConfigStore } from '../../functions/storage/config-store.js';
import { createDeadLetterLists } from '../../functions/storage/dead-letter-lists.js';
import { createDeadLetterStore, deadLetterItem } from '../../functions/storage/dead-letter-store.js';
import { createDocumentClient } from '../../functions/storage/document-client.js';
import { createEventLists } from '../../functions/storage/event-lists.js';
import { createEventStore } from '../../functions/storage/event-store.js';
import { createHeldRunStore } from '../../functions/storage/held-run-store.js';
import { createLimitStore } from '../../functions/storage/limit-store.js';
import { createListeners } from '../../functions/storage/listeners.js';
import { createNameStore } from '../../functions/storage/name-store.js';
import { createRelayStore } from '../../functions/storage/relay-store.js';
import { attemptItem, definitionItems, stateItem } from '../../functions/storage/run-items.js';
import { createRunLists } from '../../functions/storage/run-lists.js';
import { createRunStore } from '../../functions/storage/run-store.js';
import { createScheduleStore } from '../../functions/storage/schedule-store.js';
import { createSearchIndex } from '../../functions/storage/search-index.js';
import { createStatsStore } from '../../functions/storage/stats-store.js';
import { createSweepStore } from '../../functions/storage/sweep-store.js';
import { createUsageStore } from '../../functions/storage/usage-store.js';
import type { DeadLetter } from '../../functions/subjects/dead-letters/dead-letter.js';
import type { Endpoint, Lane } from '../../functions/subjects/endpoints/endpoint.js';
import type { Project } from '../../functions/subjects/projects/project.js';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../../functions/subjects/retry-policies/retry-policy.js';
import { createLiveHours } from '../../functions/subjects/stats/read-hours.js';
import {
  type Attempt,
  pendingState,
  type RunDefinition,
  type RunState,
} from '../../functions/subjects/task-runs/task-run.js';
import { accessTo, startDynamoDbUnderTest } from '../local/dynamodb/dynamodb-under-test.js';
import type { HttpEndpoint } from './memory-world.js';
import { QUOTAS } from './quotas.js';
import { configTable, tableOf } from './tables.js';

export const NOW = 1_800_000_000_000;
export const DAY = 86_400_000;

export interface Run {
  readonly definition: RunDefinition;
  readonly state?: RunState;
  readonly later?: readonly Attempt[];
}

/** What the API's routes work with: real stores and lists over a local DynamoDB, the rest recorded in memory. */
export async function startPipelineWorld() {
  const server = await startDynamoDbUnderTest();
  await server.ensureTable(configTable('config'));
  await server.ensureTable(tableOf('runs', ['g1', 'g2', 'g3']));
  await server.ensureTable(tableOf('letters', ['g1', 'g2']));
  const plain = new DynamoDBClient(accessTo(server));
  const client = createDocumentClient(plain);

  const sent: { lane: Lane; token: LaneToken; due: number }[] = [];
  const dispatched: WakeUpToken[] = [];
  const notices: DeadLetterNotice[] = [];
  const disarmed: string[] = [];
  const fires: { readonly token: FireToken; readonly due: number }[] = [];
  const projects = new Map<string, Project>();
  const endpoints = new Map<string, Endpoint>();
  const policies = new Map<string, RetryPolicy>();
  const time = { now: NOW };
  const clock = { now: () => time.now, sleep: async () => {} };

  const ports: ApiPorts = {
    runs: createRunStore(client, 'runs', clock),
    deadLetters: createDeadLetterStore(client, 'letters'),
    runLists: createRunLists(client, 'runs', clock),
    deadLetterLists: createDeadLetterLists(client, 'letters', clock),
    eventLists: createEventLists(client, 'runs', clock),
    bulkJobs: createBulkStore(client, 'runs', clock),
    claims: createClaimStore(client, 'runs'),
    relays: createRelayStore(client, 'runs'),
    sweep: createSweepStore(client, 'runs'),
    names: createNameStore(client, 'config'),
    searchIndex: createSearchIndex(client, { config: 'config', runs: 'runs', deadLetters: 'letters' }),
    usage: createUsageStore(client, 'runs', 'config', 30 * 86_400_000),
    takeQuota: async () => ({ isWithin: true }),
    events: createEventStore(client, 'runs', clock),
    listeners: createListeners(client, 'config', clock),
    config: {
      project: async (id) => projects.get(id),
      endpoint: async (project, id) => endpoints.get(`${project} ${id}`),
      retryPolicy: async (project, id) => policies.get(`${project} ${id}`),
    },
    wakeUps: {
      sendToLane: async (lane, token, due) => void sent.push({ lane, token, due }),
      sendToDispatcher: async (token) => void dispatched.push(token),
      disarm: async (run, attempt) => void disarmed.push(`${run} ${attempt}`),
      sendFire: async (token, due) => void fires.push({ token, due }),
      fireName: () => undefined,
      disarmFire: async ({ schedule, gen }) => void disarmed.push(`${schedule} ${gen}`),
    },
    schedules: createScheduleStore(client, 'config', clock),
    deadLetterQueue: { send: async (notice) => void notices.push(notice) },
    heldRuns: createHeldRunStore(client, 'runs'),
    limits: createLimitStore(client, 'runs'),
    keepMs: 30 * DAY,
    clock,
    settings: {
      version: '0.0.0',
      allowHttp: false,
      allowLoopback: false,
      requestLeaseMs: 29_000,
      sessionMs: 43_200_000,
      quotas: QUOTAS,
    },
    configStore: unused<ConfigStore>('configStore', {
      projects: async (before, limit) => newestFirst([...projects.values()], before).slice(0, limit),
      endpointsAt: async (keys) => keys.map(({ project, endpoint }) => endpoints.get(`${project} ${endpoint}`)),
    }),
    waitingRuns: unused('waitingRuns'),
    idempotency: unused('idempotency'),
    secrets: unused<Secrets>(
      'secrets',
      encryptionWith(async () => createKeyring('the master secret of this world')),
    ),
    documents: unused('documents'),
    seenSignatures: unused('seenSignatures'),
    sessions: unused('sessions'),
    failedSignIns: unused('failedSignIns'),
    metrics: unused('metrics'),
    auditTrail: unused('auditTrail'),
    stats: createStatsStore(client, 'runs', 30 * DAY),
    liveHours: (project) => liveHours(project),
  };

  const liveHours = createLiveHours(ports, clock);

  return {
    ports,
    client,
    time,
    sent,
    dispatched,
    notices,
    disarmed,
    fires,
    addProject(shards = 1): Project {
      const project = { ...aProject(), shards };
      projects.set(project.id, project);
      return project;
    },
    addEndpoint(project: Project, change: Partial<HttpEndpoint> = {}): HttpEndpoint {
      const endpoint = { ...anEndpoint(project.id), ...change };
      endpoints.set(`${project.id} ${endpoint.id}`, endpoint);
      return endpoint;
    },
    removeEndpoint(project: Project, id: string): void {
      endpoints.delete(`${project.id} ${id}`);
    },
    addPolicy(project: Project, change: Partial<RetryPolicy>): string {
      const id = makeId('rp', NOW, randomBytes(8));
      policies.set(`${project.id} ${id}`, { ...DEFAULT_RETRY_POLICY, ...change });
      return id;
    },
    async store(runs: readonly Run[]): Promise<void> {
      await putAll(client, 'runs', runs.flatMap(itemsOf));
    },
    async bury(letters: readonly DeadLetter[]): Promise<void> {
      await putAll(client, 'letters', letters.map(deadLetterItem));
    },
    async close(): Promise<void> {
      client.destroy();
      plain.destroy();
      await server.close();
    },
  };
}

export type PipelineWorld = Awaited<ReturnType<typeof startPipelineWorld>>;

function itemsOf({ definition, state, later = [] }: Run): Record<string, unknown>[] {
  const key = { project: definition.project_id, run: definition.id };
  return [
    ...definitionItems(definition),
    ...(state ? [stateItem(key, state)] : []),
    ...later.map((attempt) => attemptItem(attempt, definition.expires_at)),
  ];
}

async function putAll(client: DynamoDBDocumentClient, table: string, items: Record<string, unknown>[]): Promise<void> {
  for (let start = 0; start < items.length; start += 25)
    await client.send(
      new BatchWriteCommand({
        RequestItems: { [table]: items.slice(start, start + 25).map((Item) => ({ PutRequest: { Item } })) },
      }),
    );
}

function newestFirst(projects: readonly Project[], before: string | undefined): Project[] {
  const left = projects.filter(({ id }) => before === undefined || id < before);
  return left.sort((a, b) => (a.id < b.id ? 1 : -1));
}

/** A port that no route under test may touch, `but` for this. */
function unused<Port extends object>(name: string, but: Partial<Port> = {}): Port {
  return new Proxy(but as Port, {
    get: (target, property) => {
      if (property in target) return target[property as keyof Port];
      throw new Error(`${name}.${String(property)} was not expected`);
    },
  });
}

function aProject(): Project {
  return {
    id: makeId('proj', NOW, randomBytes(8)),
    name: 'shop',
    environment: 'production',
    shards: 1,
    signing_secret: 'sealed',
    created_at: NOW,
    updated_at: NOW,
  };
}

function anEndpoint(project_id: string): HttpEndpoint {
  return {
    id: makeId('ep', NOW, randomBytes(8)),
    project_id,
    name: 'billing',
    url: 'https://example.com/hook',
    method: 'POST',
    headers: {},
    timeout_ms: 10_000,
    status: 'active',
    signing_secrets: [],
    created_at: NOW,
    updated_at: NOW,
  };
}

/** A run of the project, made `age` milliseconds ago, in a random shard. */
export function aRunOf(project: Project, change: Partial<RunDefinition> = {}, age = 0): RunDefinition {
  const shard = Math.floor(Math.random() * project.shards);
  return {
    id: makeId('run', NOW - age, randomBytes(8), shard),
    project_id: project.id,
    source: { type: 'api', id: null },
    payload: { format: 'json', body: '{"a":1}' },
    due: NOW - age,
    max_attempts: 6,
    created_at: NOW - age,
    expires_at: NOW + 30 * DAY,
    ...change,
  };
}

export function aState(run: RunDefinition, change: Partial<RunState>): RunState {
  return { ...pendingState(run), version: 1, attempt: 1, ...change };
}

export function anAttempt(run: RunDefinition, attempt: number, change: Partial<Attempt> = {}): Attempt {
  const random = randomBytes(8);
  const shard = Number.parseInt(run.id.slice(-19, -16), 16);
  return {
    id: attempt === 1 ? run.id.replace('run', 'att') : makeId('att', run.created_at + attempt * 1000, random, shard),
    run_id: run.id,
    project_id: run.project_id,
    ...(run.endpoint_id && { endpoint_id: run.endpoint_id }),
    attempt,
    status: 'failed',
    http_status: 503,
    lateness_ms: 5,
    request_headers: { 'x-secret': '***' },
    response_headers: { server: 'nginx' },
    response_body: 'no',
    error: { code: 'http_503', message: 'The endpoint answered 503.' },
    request_id: 'req',
    trace_id: 'trace',
    started_at: NOW,
    finished_at: NOW + 120,
    ...change,
  };
}

export function aLetter(run: RunDefinition, change: Partial<DeadLetter> = {}): DeadLetter {
  return {
    id: run.id.replace('run', 'dl'),
    project_id: run.project_id,
    run,
    epoch: 0,
    attempt: 1,
    reason: 'attempts_exhausted',
    status: 'open',
    last_attempt: anAttempt(run, 1),
    created_at: NOW,
    updated_at: NOW,
    ...change,
  };
}
