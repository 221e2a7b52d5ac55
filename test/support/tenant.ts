import type { Received } from '../../local/receiver.js';
import { eventually } from './eventually.js';
import { expectStatus, HttpClient } from './http-client.js';

/** A task run as the API shows it, as far as the stories look. */
export interface ShownRun {
  readonly id: string;
  readonly status: string;
  readonly attempt_count: number;
  readonly next_attempt_at: string | null;
  readonly finished_at: string | null;
  readonly payload: unknown;
  // biome-ignore lint/suspicious/noExplicitAny: each story looks at something else in an attempt.
  readonly attempts: readonly any[];
}

/** A project, its key, and the operator who made both. */
export interface ProjectAccess {
  readonly project: { readonly id: string; readonly signing_secret: string };
  readonly api: HttpClient;
  readonly operator: HttpClient;
}

const STEADY: ReadonlySet<string> = new Set(['success', 'dead_letter', 'cancelled', 'skipped']);

/** A user of one project, who knows no more than the API's address and a key. */
export class Tenant {
  readonly project: ProjectAccess['project'];
  readonly api: HttpClient;

  constructor({ project, api }: ProjectAccess) {
    this.project = project;
    this.api = api;
  }

  async policy(max_attempts: number, base_delay_seconds = 1): Promise<string> {
    const body = { name: 'story', strategy: 'fixed', base_delay_seconds, max_attempts };
    return expectStatus(await this.api.post('/v1/retry-policies', body), 201).body.id;
  }

  /** An endpoint at `url`. Without a policy it gets one attempt. */
  async endpoint(url: string, extra: object = {}): Promise<{ id: string; signing_secret: string }> {
    const retry_policy_id = 'retry_policy_id' in extra ? {} : { retry_policy_id: await this.policy(1) };
    const body = { name: 'story', url, ...retry_policy_id, ...extra };
    return expectStatus(await this.api.post('/v1/endpoints', body), 201).body;
  }

  async task(endpoint_id: string, extra: object = {}): Promise<string> {
    return expectStatus(await this.api.post('/v1/tasks', { endpoint_id, ...extra }), 201).body.id;
  }

  async run(id: string): Promise<ShownRun> {
    return expectStatus(await this.api.get(`/v1/tasks/${id}`), 200).body;
  }

  /** The run, once it is in `status`; throws at once when it has ended in another. */
  reached(id: string, status: string, patienceMs?: number): Promise<ShownRun> {
    const look = async () => {
      const run = await this.run(id);
      if (run.status === status) return run;
      if (STEADY.has(run.status)) throw new Error(`${id} is ${run.status}, not ${status}: ${JSON.stringify(run)}`);
      return undefined;
    };
    return eventually(`${id} is ${status}`, look, patienceMs);
  }

  /** The dead letter of a run; it is there a moment after the run is dead. */
  // biome-ignore lint/suspicious/noExplicitAny: as the API shows it.
  deadLetter(run: string): Promise<any> {
    return eventually(`${run} has a dead letter`, async () => {
      const reply = await this.api.get(`/v1/dead-letters/${run.replace(/^run_/, 'dl_')}`);
      return reply.status === 200 ? reply.body : undefined;
    });
  }
}

/** Makes a project with a key, as an operator does. */
export async function newProject(base: string, operatorKey: string): Promise<ProjectAccess> {
  const session = await new HttpClient(base).post('/v1/sessions', { operator_key: operatorKey });
  const operator = new HttpClient(base, { authorization: `Bearer ${expectStatus(session, 200).body.token}` });
  const named = { name: 'story', environment: 'staging' };
  const project = expectStatus(await operator.post('/v1/projects', named), 201).body;
  const key = expectStatus(await operator.post(`/v1/projects/${project.id}/keys`, { label: 'story' }), 201).body;
  return { project, api: new HttpClient(base, { 'x-api-key': key.key }), operator };
}

/** What a receiver such as the local stack's got under a run's webhook-id, oldest first. */
export async function receivedBy(receiver: string, run: string): Promise<Received[]> {
  const response = await fetch(`${receiver}/received?webhook_id=${run}`);
  return JSON.parse(await response.text()); // json() makes arrays of a realm that is not jest's
}
