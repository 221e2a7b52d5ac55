import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../api-client.js';
import type { Story } from '../story.js';
import type { Timeline } from './timeline.js';

/** The fields of the API's task run that the demo needs. */
interface TaskRun {
  readonly id: string;
  readonly status: string;
  readonly next_attempt_at: string | null;
  readonly attempts: readonly {
    readonly attempt: number;
    readonly status: string;
    readonly http_status: number | null;
    readonly latency_ms: number;
    readonly lateness_ms: number;
    readonly error: { readonly message: string } | null;
  }[];
}

export interface Stage {
  readonly api: ApiClient;
  readonly receiver: string;
  readonly timeline: Timeline;
}

/** A promised effect did not happen. */
export class StoryFailed extends Error {
  override readonly name = 'StoryFailed';
}

const POLL_MS = 50;
const PATIENCE_MS = 20_000;

export const STORIES: readonly Story<Stage>[] = [
  {
    name: 'A delivery that succeeds',
    async tell(stage) {
      const endpoint = await createEndpoint(stage, 'billing', '/ok');
      const run = await createTask(stage, endpoint, { invoice_id: 'inv_123', status: 'paid' });
      expectAttempts(await follow(stage, run, 'success'), ['success']);
      await expectReceived(stage, run, 1);
    },
  },

  {
    name: 'A failure that is retried, and succeeds',
    async tell(stage) {
      const retry_policy_id = await createPolicy(stage, 5);
      const endpoint = await createEndpoint(stage, 'orders', '/flaky/2', { retry_policy_id });
      const run = await createTask(stage, endpoint, { order: 42 });
      expectAttempts(await follow(stage, run, 'success'), ['failed', 'failed', 'success']);
      await expectReceived(stage, run, 3);
    },
  },

  {
    name: 'A failure that ends as a dead letter, and is replayed to success',
    async tell(stage) {
      const { api, timeline } = stage;
      const retry_policy_id = await createPolicy(stage, 2);
      const endpoint = await createEndpoint(stage, 'shipping', '/flaky/2', { retry_policy_id });
      const run = await createTask(stage, endpoint, { parcel: 7 });
      expectAttempts(await follow(stage, run, 'dead_letter'), ['failed', 'failed']);
      const letter = await deadLetterOf(stage, run);
      timeline.event(`dead letter    ${letter.id}  ${letter.reason}`);
      await api.request('POST', `/v1/dead-letters/${letter.id}/replay`, {});
      timeline.event('replayed       the run is reopened, its budget of attempts anew');
      expectAttempts(await follow(stage, run, 'success', 2), ['failed', 'failed', 'success']);
      await expectReceived(stage, run, 3);
    },
  },

  {
    name: 'An event that reaches the endpoints that listen, and no other',
    async tell(stage) {
      const { api, timeline } = stage;
      for (const filter of ['invoice.paid', 'invoice.*', 'invoice.refunded'])
        await createEndpoint(stage, `hears ${filter}`, '/ok', { event_filters: [filter] });
      const event = { event_name: 'invoice.paid', event_key: 'inv_123', payload: { total: 12 } };
      const { id } = await api.request<{ id: string }>('POST', '/v1/events', event);
      timeline.event(`event          ${id}  invoice.paid`);
      for (const run of await runsOf(stage, id, 2)) {
        expectAttempts(await follow(stage, run, 'success'), ['success']);
        await expectReceived(stage, run, 1);
      }
    },
  },
];

/** The task runs of an event, after its fan-out. */
async function runsOf({ api, timeline }: Stage, event: string, expected: number): Promise<string[]> {
  const patience = Date.now() + PATIENCE_MS;
  for (;;) {
    const path = `/v1/events/${event}`;
    const { status, tasks } = await api.request<{ status: string; tasks: { id: string }[] }>('GET', path);
    if (status === 'completed') {
      timeline.event(`fanned out     to ${tasks.length} endpoints`);
      if (tasks.length !== expected) throw new StoryFailed(`${tasks.length} runs, not ${expected}`);
      return tasks.map(({ id }) => id);
    }
    if (Date.now() > patience) throw new StoryFailed(`${event} is not fanned out`);
    await sleep(POLL_MS);
  }
}

async function createPolicy({ api, timeline }: Stage, max_attempts: number): Promise<string> {
  const body = { name: 'every second', strategy: 'fixed', base_delay_seconds: 1, max_attempts };
  const { id } = await api.request<{ id: string }>('POST', '/v1/retry-policies', body);
  timeline.event(`retry policy   ${id}  one second between at most ${max_attempts} attempts`);
  return id;
}

async function createEndpoint(stage: Stage, name: string, path: string, settings: object = {}): Promise<string> {
  const body = { name, url: stage.receiver + path, ...settings };
  const { id } = await stage.api.request<{ id: string }>('POST', '/v1/endpoints', body);
  stage.timeline.event(`endpoint       ${id}  ${name} → ${path}`);
  return id;
}

async function createTask({ api, timeline }: Stage, endpoint_id: string, payload: unknown): Promise<string> {
  const { id } = await api.request<{ id: string }>('POST', '/v1/tasks', { endpoint_id, payload, run_at: 0 });
  timeline.event(`task run       ${id}  accepted`);
  return id;
}

/** Prints the run's attempts and statuses until the run has the status `end`. */
async function follow({ api, timeline }: Stage, id: string, end: string, told = 0): Promise<TaskRun> {
  const patience = Date.now() + PATIENCE_MS;
  let status = '';
  let attempts = told;
  for (;;) {
    const run = await api.request<TaskRun>('GET', `/v1/tasks/${id}`);
    for (const attempt of run.attempts.slice(attempts)) {
      const outcome = `${attempt.status}, HTTP ${attempt.http_status} in ${attempt.latency_ms} ms`;
      timeline.event(`attempt ${attempt.attempt}      ${outcome}${attempt.error ? `: ${attempt.error.message}` : ''}`);
    }
    attempts = Math.max(attempts, run.attempts.length);
    if (run.status !== status) timeline.event(`status         ${run.status}`);
    status = run.status;
    if (status === end) return run;
    if (Date.now() > patience) throw new StoryFailed(`${id} is ${status}, not ${end}`);
    await sleep(POLL_MS);
  }
}

async function deadLetterOf({ api }: Stage, run: string): Promise<{ id: string; reason: string }> {
  const patience = Date.now() + PATIENCE_MS;
  for (;;) {
    const { data } = await api.request<{ data: { id: string; task_id: string; reason: string }[] }>(
      'GET',
      '/v1/dead-letters?status=open',
    );
    const letter = data.find(({ task_id }) => task_id === run);
    if (letter) return letter;
    if (Date.now() > patience) throw new StoryFailed(`${run} has no dead letter`);
    await sleep(POLL_MS);
  }
}

function expectAttempts(run: TaskRun, expected: readonly string[]): void {
  const seen = run.attempts.map(({ status }) => status).join(', ');
  if (seen !== expected.join(', ')) throw new StoryFailed(`attempts were ${seen}, not ${expected.join(', ')}`);
  const early = run.attempts.find(({ lateness_ms }) => lateness_ms < 0);
  if (early) throw new StoryFailed(`attempt ${early.attempt} was ${-early.lateness_ms} ms early`);
}

/** Checks at the receiver that all attempts arrived with the same webhook-id. */
async function expectReceived({ receiver, timeline }: Stage, run: string, times: number): Promise<void> {
  const received = (await (await fetch(`${receiver}/received?webhook_id=${run}`)).json()) as unknown[];
  if (received.length !== times)
    throw new StoryFailed(`the receiver saw ${run} ${received.length} times, not ${times}`);
  timeline.event(`receiver       saw it ${times === 1 ? 'once' : `${times} times, under one webhook-id`}`);
}
