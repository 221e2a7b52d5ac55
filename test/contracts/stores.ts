import { randomBytes } from 'node:crypto';
import { makeId } from '../../functions/primitives/ids.js';
import type { EndpointHealthStore } from '../../functions/protocol/limits/health.js';
import type { PlaceStore } from '../../functions/protocol/limits/project-shares.js';
import type { RunPorts } from '../../functions/protocol/rules/ports.js';
import type { BulkStore } from '../../functions/subjects/bulk-jobs/bulk-job.js';
import type { DeadLetterLists } from '../../functions/subjects/dead-letters/dead-letter.js';
import type { Endpoint } from '../../functions/subjects/endpoints/endpoint.js';
import type { RelayStore } from '../../functions/subjects/listeners/listener.js';
import type { Project } from '../../functions/subjects/projects/project.js';
import type { RetryPolicy } from '../../functions/subjects/retry-policies/retry-policy.js';
import type { StatsStore } from '../../functions/subjects/stats/stats-ports.js';
import type { RunLists } from '../../functions/subjects/task-runs/task-run-lists.js';
import type { HttpEndpoint } from '../support/memory-world.js';
import { NOW } from '../support/pipeline-world.js';

type StorePorts = 'runs' | 'deadLetters' | 'config' | 'schedules' | 'events' | 'listeners' | 'heldRuns' | 'limits';

/**
 * The stores that a suite of contracts is told against: those of the world in memory, or the adapters over some DynamoDB.
 * A suite says what the rules rely on, so a test over the fake is worth as much as one over the adapter.
 */
export interface Stores extends Pick<RunPorts, StorePorts> {
  readonly health: EndpointHealthStore;
  readonly places: PlaceStore;
  readonly relays: RelayStore;
  readonly stats: StatsStore;
  readonly runLists: Pick<RunLists, 'runs' | 'laterAttempts' | 'byIds'>;
  readonly bulkJobs: BulkStore;
  readonly deadLetterLists: DeadLetterLists;
  /** Unix milliseconds; whole seconds, since an item's end is kept in those. */
  readonly time: { now: number };
  addProject(project: Project): Promise<void>;
  addEndpoint(endpoint: Endpoint): Promise<void>;
  addPolicy(project: string, id: string, policy: RetryPolicy): Promise<void>;
  close(): Promise<void>;
}

/** Made before the tests that follow, and closed after them; each of them begins at `NOW`. */
export function storesOf(make: () => Promise<Stores>): () => Stores {
  let stores: Stores;
  beforeAll(async () => {
    stores = await make();
  });
  beforeEach(() => {
    stores.time.now = NOW;
  });
  afterAll(() => stores.close());
  return () => stores;
}

/** Of nothing that was there before. */
export function freshProject(shards = 1): Project {
  return {
    id: makeId('proj', NOW, randomBytes(8)),
    name: 'shop',
    environment: 'production',
    shards,
    signing_secret: 'sealed',
    created_at: NOW,
    updated_at: NOW,
  };
}

export function freshEndpoint(project: Project, change: Partial<HttpEndpoint> = {}): HttpEndpoint {
  return {
    id: makeId('ep', NOW, randomBytes(8)),
    project_id: project.id,
    name: 'billing',
    url: 'https://example.com/hook',
    method: 'POST',
    headers: {},
    timeout_ms: 10_000,
    status: 'active',
    signing_secrets: [],
    created_at: NOW,
    updated_at: NOW,
    ...change,
  };
}

/** What several ask for at the same moment. */
export function atOnce<Result>(times: number, ask: (n: number) => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: times }, (_, n) => ask(n)));
}
