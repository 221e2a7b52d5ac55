import type { StageSettings } from '../../lib/config.js';
import { type LocalStack, type Synthesized, startLocalStack } from '../../local/local-stack.js';
import type { Received } from '../../local/receiver.js';
import { builtOnce } from './built-once.js';
import { assertDocumented } from './documented.js';
import { eventually } from './eventually.js';
import { expectStatus, HttpClient, inspectReplies } from './http-client.js';

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

export interface WorldOptions {
  readonly settings?: Partial<StageSettings>;
  /** Changes what is run, such as a function's code. */
  readonly adapt?: (synthesized: Synthesized) => Synthesized;
}

const STEADY: ReadonlySet<string> = new Set(['success', 'dead_letter', 'cancelled', 'skipped']);

// Whatever a story is about: what the API answers is what it documents.
inspectReplies((method, path, { status, text, headers }) =>
  assertDocumented(method, path, { status, text, header: (name) => headers.get(name) }),
);

/** A real local stack with a project and a key: what a story needs to be told from outside. */
export class World {
  private constructor(
    readonly stack: LocalStack,
    readonly project: { readonly id: string; readonly signing_secret: string },
    readonly api: HttpClient,
    /** What the functions printed. */
    readonly log: readonly string[],
  ) {}

  static async start({ settings = {}, adapt = (same) => same }: WorldOptions = {}): Promise<World> {
    const log: string[] = [];
    const synthesized = adapt(builtOnce(settings));
    const stack = await startLocalStack({
      synthesized,
      log: (source, line) => log.push(`${source}: ${line}`),
      // Named by `npm run conformance`, which tells the same stories on another DynamoDB.
      ...(process.env['CONFORMANCE_DYNAMODB'] && { dynamodb: process.env['CONFORMANCE_DYNAMODB'] }),
    });
    try {
      const { project, api } = await newProject(stack);
      return new World(stack, project, api, log);
    } catch (error) {
      await stack.close();
      throw error;
    }
  }

  /** The functions' lines about what nobody foresaw. */
  errors(): string[] {
    return this.log.filter((line) => /"level":"ERROR"|invocation failed|batch failed/.test(line));
  }

  /** Another tenant of the same stack. */
  newProject() {
    return newProject(this.stack);
  }

  async policy(max_attempts: number, base_delay_seconds = 1): Promise<string> {
    const body = { name: 'story', strategy: 'fixed', base_delay_seconds, max_attempts };
    return expectStatus(await this.api.post('/v1/retry-policies', body), 201).body.id;
  }

  /** An endpoint at `url`, or at that path of the receiver. Without a policy it gets one attempt. */
  async endpoint(url: string, extra: object = {}): Promise<{ id: string; signing_secret: string }> {
    const at = url.startsWith('/') ? this.stack.receiver + url : url;
    const retry_policy_id = 'retry_policy_id' in extra ? {} : { retry_policy_id: await this.policy(1) };
    return expectStatus(
      await this.api.post('/v1/endpoints', { name: 'story', url: at, ...retry_policy_id, ...extra }),
      201,
    ).body;
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

  /** What the receiver got under a run's webhook-id, oldest first. */
  async received(run: string): Promise<Received[]> {
    return (await fetch(`${this.stack.receiver}/received?webhook_id=${run}`)).json() as Promise<Received[]>;
  }

  close(): Promise<void> {
    return this.stack.close();
  }
}

async function newProject(stack: LocalStack) {
  const { token } = expectStatus(
    await new HttpClient(stack.api).post('/v1/sessions', { operator_key: stack.operatorKey }),
    200,
  ).body;
  const operator = new HttpClient(stack.api, { authorization: `Bearer ${token}` });
  const project = expectStatus(
    await operator.post('/v1/projects', { name: 'story', environment: 'staging' }),
    201,
  ).body;
  const key = expectStatus(await operator.post(`/v1/projects/${project.id}/keys`, { label: 'story' }), 201).body;
  return { project, api: new HttpClient(stack.api, { 'x-api-key': key.key }), operator };
}
