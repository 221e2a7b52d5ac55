import * as z from 'zod/mini';
import { httpSchemas } from '../../../destinations/http/http.js';
import { type CallRules, DEFAULT_TIMEOUT_MS } from '../../../destinations/kind.js';
import { isoMoment } from '../../../fields/moment-schema.js';
import { nameSchema } from '../../../fields/name-schema.js';
import { toPayload } from '../../../fields/payload-schema.js';
import { isJsonObject } from '../../../primitives/json-text.js';
import type { RetryPolicy } from '../../../subjects/retry-policies/retry-policy.js';
import type { RunTerms } from '../../../subjects/task-runs/plan-run.js';
import type { RunStatus } from '../../../subjects/task-runs/task-run.js';
import type { TaskBody } from '../../../subjects/task-runs/task-run-schema.js';
import { MAX_PAGE_SIZE, wholeNumber } from '../../http/pages.js';

/** Totals are exact up to this number of jobs; further jobs are not counted. */
export const MAX_COUNTED = 10_000;

/** Retries come 30 s after the first failure and 1 min after the second; the third attempt is the last. */
const RETRY_POLICY: RetryPolicy = {
  strategy: 'custom',
  base_delay_seconds: 30,
  max_delay_seconds: 300,
  delays_seconds: [30, 60],
  max_attempts: 3,
  jitter: 'none',
  honor_retry_after: false,
};

const UTC_ALONE = 'Must be ISO 8601 in UTC with a trailing Z, such as 2026-06-13T09:30:00Z.';

export function jobSchema(rules: CallRules) {
  return z.strictObject({
    title: nameSchema,
    webhookUrl: httpSchemas(rules).url,
    fireAt: z.pipe(z.string(UTC_ALONE).check(z.regex(/[Zz]$/, UTC_ALONE)), isoMoment),
    payload: z.pipe(
      z._default(z.unknown(), {}).check(z.refine(isJsonObject, 'Must be an object.')),
      z.transform(toPayload),
    ),
  });
}

type JobBody = z.infer<ReturnType<typeof jobSchema>>;

/** The task run of a job. */
export function taskOf({ title, webhookUrl, fireAt, payload }: JobBody): { body: TaskBody; terms: RunTerms } {
  const target = { url: webhookUrl, method: 'POST', headers: {}, timeout_ms: DEFAULT_TIMEOUT_MS } as const;
  return {
    body: { name: title, target, payload, run_at: fireAt },
    terms: { body_format: 'dispatch', retry_policy: RETRY_POLICY },
  };
}

/** This dialect's names of a run's statuses. No job is `skipped`: only runs of schedules are. */
export const STATUSES = {
  pending: 'SCHEDULED',
  running: 'FIRING',
  success: 'SUCCESS',
  retry_scheduled: 'FAILED',
  dead_letter: 'DEAD',
  cancelled: 'CANCELLED',
  skipped: 'CANCELLED',
} as const satisfies Record<RunStatus, string>;

const shownStatus = z.pipe(
  z.enum(['SCHEDULED', 'FIRING', 'SUCCESS', 'FAILED', 'DEAD', 'CANCELLED']),
  z.transform((shown) => (Object.keys(STATUSES) as RunStatus[]).find((status) => STATUSES[status] === shown)),
);

export const listSchema = z.strictObject({
  status: z.optional(shownStatus),
  projectId: z.optional(z.string()),
  page: z._default(wholeNumber(MAX_COUNTED), 1),
  limit: z._default(wholeNumber(MAX_PAGE_SIZE), 20),
});
