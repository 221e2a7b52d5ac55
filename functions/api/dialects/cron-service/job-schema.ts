import * as z from 'zod/mini';
import type { GuardSettings } from '../../../core/call/address-guard.js';
import { cronSchema, timeZoneSchema } from '../../../core/cron/cron-schema.js';
import { destinationFields } from '../../../core/endpoint/destination-schema.js';
import type { RetryPolicy } from '../../../core/endpoint/retry-policy.js';
import { MAX_ATTEMPTS, retryDelaySchema } from '../../../core/endpoint/retry-policy-schema.js';
import { JsonText } from '../../../core/json-text.js';
import { nameSchema } from '../../../core/name-schema.js';
import { toPayload } from '../../../core/payload-schema.js';
import type { Schedule, ScheduleStatus } from '../../../core/schedule/schedule.js';

const DEFAULT_RETRY_DELAY_SECONDS = 30;

/** A job as it is given, and what it must still be after a change. */
export function jobSchema(settings: GuardSettings) {
  const { url, method, headers } = destinationFields(settings);
  return z.strictObject({
    name: nameSchema,
    cronExpression: cronSchema,
    timezone: z._default(timeZoneSchema, 'UTC'),
    targetUrl: url,
    httpMethod: z._default(method, 'POST'),
    headers: z._default(headers, {}),
    body: z.optional(
      z.pipe(
        z.string(),
        z.transform((body: string, context) => toPayload(isJson(body) ? new JsonText(body) : body, context)),
      ),
    ),
    overlapPolicy: z._default(z.enum(['SKIP', 'ALLOW', 'CANCEL_PREVIOUS']), 'SKIP'),
    retries: z._default(z.int().check(z.gte(0), z.lte(MAX_ATTEMPTS - 1)), 0),
    retryDelaySeconds: z._default(retryDelaySchema, DEFAULT_RETRY_DELAY_SECONDS),
    signPayloads: z._default(z.boolean(), false),
    state: z._default(z.enum(['ACTIVE', 'PAUSED']), 'ACTIVE'),
  });
}

/** An object or array is sent byte for byte, too, but calls itself JSON: this dialect has no other way to give one. */
function isJson(body: string): boolean {
  if (!/^\s*[{[]/.test(body)) return false;
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}

export type JobBody = z.infer<ReturnType<typeof jobSchema>>;

/** A schedule that a job of this dialect can stand for. */
export interface Job extends Schedule {
  readonly cron: string;
  readonly target: NonNullable<Schedule['target']>;
}

export function isJob(schedule: Schedule): schedule is Job {
  return schedule.cron !== undefined && schedule.target !== undefined;
}

/** A job as it would be given, for a merge patch to be applied to. */
export function givenJob(job: Job, status: ScheduleStatus, policy: RetryPolicy) {
  const { name, cron, timezone, target, payload } = job;
  return {
    name,
    cronExpression: cron,
    timezone,
    targetUrl: target.url,
    httpMethod: target.method,
    headers: target.headers,
    ...(payload && { body: payload.body }),
    overlapPolicy: job.overlap_policy.toUpperCase(),
    retries: policy.max_attempts - 1,
    retryDelaySeconds: policy.base_delay_seconds,
    signPayloads: job.signing_key !== undefined,
    state: status === 'paused' ? 'PAUSED' : 'ACTIVE',
  };
}
