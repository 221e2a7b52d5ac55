import { kindOf } from '../../destinations/registry.js';
import { MAX_AHEAD_MS, TOLERATED_PAST_MS, TOO_FAR_AHEAD } from '../../fields/moment-schema.js';
import { defined } from '../../primitives/defined.js';
import { assertNone } from '../../primitives/faults.js';
import type { ConfigReader } from '../endpoints/config-reader.js';
import type { Endpoint } from '../endpoints/endpoint.js';
import { DEFAULT_RETRY_POLICY, type RetryPolicy, totalDelayMs } from '../retry-policies/retry-policy.js';
import type { RunDefinition } from './task-run.js';
import type { TaskBody } from './task-run-schema.js';

/** The fields that the body of a task does not have: what its request brings along, and what only a dialect sets. */
export type RunTerms = Pick<RunDefinition, 'trace' | 'via' | 'retry_policy' | 'body_format'>;

export interface RunRequest {
  readonly id: string;
  readonly project: string;
  readonly body: TaskBody;
  /** When the request was accepted (Unix milliseconds). */
  readonly now: number;
  /** When it was sent, from which its times count; `now` unless it waited in a queue. */
  readonly sentAt?: number;
  readonly terms?: RunTerms;
  /** How long the run is kept after its last possible attempt. */
  readonly keepMs: number;
}

/**
 * The task run that a request asks for, with a fixed budget of attempts. A disabled endpoint is accepted, too: the run
 * then becomes a visible dead letter.
 * @throws InvalidRequestError naming every field at fault
 */
export async function planRun(config: ConfigReader, request: RunRequest): Promise<RunDefinition> {
  const { id, project, body, terms = {}, now, sentAt = now, keepMs } = request;
  const { name, labels, endpoint_id, target, payload, retry_policy_id } = body;
  const endpoint = endpoint_id === undefined ? undefined : await config.endpoint(project, endpoint_id);
  const named = await policyOf(config, project, retry_policy_id ?? endpoint?.retry_policy_id);
  const due = dueOf(body, sentAt);
  assertValid({ body, now: sentAt }, endpoint, named, due);
  const budget = terms.retry_policy ?? named ?? DEFAULT_RETRY_POLICY;
  return {
    id,
    project_id: project,
    source: { type: 'api', id: null },
    ...defined({ title: name, labels, endpoint_id, target, payload, retry_policy_id }),
    ...terms,
    due: Math.max(due, now),
    max_attempts: budget.max_attempts,
    created_at: now,
    expires_at: Math.max(due, now) + totalDelayMs(budget) + keepMs,
  };
}

async function policyOf(
  config: ConfigReader,
  project: string,
  id: string | undefined,
): Promise<RetryPolicy | undefined> {
  return id === undefined ? undefined : config.retryPolicy(project, id);
}

function dueOf({ run_at = 'now', delay_seconds = 0 }: TaskBody, now: number): number {
  return run_at === 'now' ? now + Math.round(delay_seconds * 1000) : run_at;
}

/** @throws InvalidRequestError */
function assertValid(
  { body, now }: Pick<RunRequest, 'body' | 'now'>,
  endpoint: Endpoint | undefined,
  policy: RetryPolicy | undefined,
  due: number,
): void {
  const destination = body.target ?? endpoint;
  const unsendable = destination && kindOf(destination).payloadFault?.(body.payload);
  const when = body.run_at === undefined ? '/delay_seconds' : '/run_at';
  assertNone([
    body.endpoint_id !== undefined && !endpoint && { pointer: '/endpoint_id', message: 'There is no such endpoint.' },
    body.retry_policy_id !== undefined &&
      !policy && { pointer: '/retry_policy_id', message: 'There is no such retry policy.' },
    unsendable !== undefined && { pointer: '/payload', message: unsendable },
    due < now - TOLERATED_PAST_MS && { pointer: when, message: 'This time has passed; 0 means now.' },
    due > now + MAX_AHEAD_MS && { pointer: when, message: TOO_FAR_AHEAD },
  ]);
}
