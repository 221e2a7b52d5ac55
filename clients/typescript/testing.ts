import { Memory, type SentRequest } from './memory.js';
import { Punctual, type ReceivedRequest, type Schemas } from './punctual.js';
import { keyOf } from './verify.js';

export type { SentRequest } from './memory.js';

/**
 * A `Punctual` for the tests of your application: it keeps what was sent in memory, and answers in the API's own form, through the
 * same client. It calls nothing, computes no moments, and does not check what the API checks: for that there is the local stack.
 */
export class PunctualDouble extends Punctual {
  readonly #memory: Memory;

  constructor() {
    const memory = new Memory();
    super({ url: 'http://punctual.test', apiKey: 'sk_test', fetch: memory.fetch });
    this.#memory = memory;
  }

  /** All requests, the oldest first. A call that was retried is there once. */
  get sent(): readonly SentRequest[] {
    return this.#memory.sent;
  }

  /** The bodies of the tasks that were sent, also in batches, the oldest first. */
  get sentTasks(): readonly Schemas['NewTask'][] {
    return this.sent.flatMap(({ method, path, body }) => {
      if (method !== 'POST') return [];
      if (path === '/v1/tasks/batch') return (body as Schemas['NewTaskBatch']).tasks;
      return path === '/v1/tasks' ? [body as Schemas['NewTask']] : [];
    });
  }

  /** The next request fails with this status: a 429 or 5xx once more for each retry, so queue several to see a call fail. */
  failNext(status: number, detail = 'Failed by the test.'): void {
    this.#memory.failNext(status, detail);
  }

  /** A task run ends; `dead_letter` makes its dead letter too. */
  end(taskId: string, status: 'success' | 'dead_letter' | 'skipped'): void {
    const run = this.#memory.find(taskId);
    if (run === undefined) throw new Error(`There is no ${taskId}.`);
    this.#memory.put('tasks', { status, finished_at: new Date().toISOString(), next_attempt_at: null }, taskId);
    if (status !== 'dead_letter') return;
    const { project_id, name, endpoint_id, attempt_count, payload } = run as unknown as Schemas['TaskRunWithPayload'];
    const letter: Omit<Schemas['DeadLetterWithPayload'], 'id'> = {
      project_id,
      task_id: taskId,
      name,
      endpoint_id,
      endpoint_deleted: false,
      reason: 'attempts_exhausted',
      status: 'open',
      attempt_count,
      last_attempt: null,
      created_at: new Date().toISOString(),
      note: null,
      payload,
    };
    this.#memory.put('dead-letters', letter, taskId.replace('run_', 'dl_'));
  }
}

export interface SignedCallOptions {
  /** `webhook-id`; a new one unless given. */
  readonly id?: string;
  /** The moment of the signature; now unless given. */
  readonly signedAt?: Date;
  /** More headers, such as `punctual-event-name`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A call as Punctual signs it, to test a receiver with. A payload that is no string goes out as JSON. */
export async function signedCall(
  payload: unknown,
  secret: string,
  {
    id = `run_${crypto.randomUUID().replaceAll('-', '')}`,
    signedAt = new Date(),
    headers = {},
  }: SignedCallOptions = {},
): Promise<ReceivedRequest & { readonly headers: Record<string, string>; readonly body: string }> {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const timestamp = Math.floor(signedAt.getTime() / 1000);
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', keyOf(secret), algorithm, false, ['sign']);
  const signed = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(`${id}.${timestamp}.${body}`));
  return {
    body,
    headers: {
      'content-type': typeof payload === 'string' ? 'text/plain; charset=utf-8' : 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': `v1,${btoa(String.fromCharCode(...new Uint8Array(signed)))}`,
      'idempotency-key': id,
      'punctual-attempt': '1',
      'punctual-scheduled-for': signedAt.toISOString(),
      ...headers,
    },
  };
}
