import * as z from 'zod/mini';
import { cronSchema, timeZoneSchema } from '../../../cron/cron-schema.js';
import { type HttpDestination, httpSchemas, withoutValues } from '../../../destinations/http/http.js';
import type { CallRules } from '../../../destinations/kind.js';
import { isHttp } from '../../../destinations/registry.js';
import { nameSchema } from '../../../fields/name-schema.js';
import { toPayload } from '../../../fields/payload-schema.js';
import { JsonText } from '../../../primitives/json-text.js';
import type { RetryPolicy } from '../../../subjects/retry-policies/retry-policy.js';
import { MAX_ATTEMPTS, retryDelaySchema } from '../../../subjects/retry-policies/retry-policy-schema.js';
import type { Schedule, ScheduleStatus } from '../../../subjects/schedules/schedule.js';

const DEFAULT_RETRY_DELAY_SECONDS = 30;

/** Values of fields that a new job leaves out. */
export const JOB_DEFAULTS = {
  timezone: 'UTC',
  httpMethod: 'POST',
  headers: {},
  overlapPolicy: 'SKIP',
  retries: 0,
  retryDelaySeconds: DEFAULT_RETRY_DELAY_SECONDS,
  signPayloads: false,
} as const;

const fields = {
  timezone: timeZoneSchema,
  body: z.pipe(
    z.string(),
    z.transform((body: string, context) => toPayload(isJson(body) ? new JsonText(body) : body, context)),
  ),
  overlapPolicy: z.enum(['SKIP', 'ALLOW', 'CANCEL_PREVIOUS']),
  retries: z.int().check(z.gte(0), z.lte(MAX_ATTEMPTS - 1)),
  retryDelaySeconds: retryDelaySchema,
  signPayloads: z.boolean(),
  state: z.enum(['ACTIVE', 'PAUSED']),
};

/** The body of a request that creates a job. */
export function jobSchema(rules: CallRules) {
  const { url, method, headers } = httpSchemas(rules);
  return z.strictObject({
    name: nameSchema,
    cronExpression: cronSchema,
    timezone: z._default(fields.timezone, JOB_DEFAULTS.timezone),
    targetUrl: url,
    httpMethod: z._default(method, JOB_DEFAULTS.httpMethod),
    headers: z._default(headers, JOB_DEFAULTS.headers),
    body: z.optional(fields.body),
    overlapPolicy: z._default(fields.overlapPolicy, JOB_DEFAULTS.overlapPolicy),
    retries: z._default(fields.retries, JOB_DEFAULTS.retries),
    retryDelaySeconds: z._default(fields.retryDelaySeconds, JOB_DEFAULTS.retryDelaySeconds),
    signPayloads: z._default(fields.signPayloads, JOB_DEFAULTS.signPayloads),
    state: z._default(fields.state, 'ACTIVE'),
  });
}

/** A JSON object or array is sent byte for byte with a JSON content type: this dialect has no field for JSON. */
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

/** A merge patch: null restores a field's default, or removes the field. Fields that are absent are not checked. */
export function jobPatchSchema(rules: CallRules) {
  const { url, method, headers } = httpSchemas(rules);
  return z.strictObject({
    name: z.optional(nameSchema),
    cronExpression: z.optional(cronSchema),
    timezone: z.nullish(fields.timezone),
    targetUrl: z.optional(url),
    httpMethod: z.nullish(method),
    headers: z.nullish(headers),
    body: z.nullish(fields.body),
    overlapPolicy: z.nullish(fields.overlapPolicy),
    retries: z.nullish(fields.retries),
    retryDelaySeconds: z.nullish(fields.retryDelaySeconds),
    signPayloads: z.nullish(fields.signPayloads),
    state: z.optional(fields.state),
  });
}

export type JobPatch = z.infer<ReturnType<typeof jobPatchSchema>>;

/** A schedule that this dialect can show as a job. */
export interface Job extends Schedule {
  readonly cron: string;
  readonly target: HttpDestination;
}

export function isJob(schedule: Schedule): schedule is Job {
  return schedule.cron !== undefined && schedule.target !== undefined && isHttp(schedule.target);
}

/** A job in the form of the request that creates it. */
export function givenJob(job: Job, status: ScheduleStatus, policy: RetryPolicy) {
  const { name, cron, timezone, target, payload } = job;
  return {
    name,
    cronExpression: cron,
    timezone,
    targetUrl: target.url,
    httpMethod: target.method,
    headers: withoutValues(target.headers),
    ...(payload && { body: payload.body }),
    overlapPolicy: job.overlap_policy.toUpperCase(),
    retries: policy.max_attempts - 1,
    retryDelaySeconds: policy.base_delay_seconds,
    signPayloads: job.signing_key !== undefined,
    state: status === 'paused' ? 'PAUSED' : 'ACTIVE',
  };
}
