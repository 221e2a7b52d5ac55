import * as z from 'zod';
import { idSchema } from '../../../fields/id-schema.js';

/** ISO 8601, UTC, without a fraction. */
const time = z.iso.datetime({ precision: 0 });

export const jobSummarySchema = z.strictObject({
  jobId: idSchema('job'),
  name: z.string(),
  cronExpression: z.string(),
  state: z.enum(['ACTIVE', 'PAUSED', 'COMPLETED', 'DELETED']),
  nextRunAt: time.nullable(),
  overlapPolicy: z.enum(['SKIP', 'ALLOW', 'CANCEL_PREVIOUS']),
  createdAt: time,
});

export const jobDetailsSchema = jobSummarySchema.extend({
  timezone: z.string(),
  targetUrl: z.string(),
  httpMethod: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string().nullable(),
  retries: z.int(),
  retryDelaySeconds: z.number(),
  signPayloads: z.boolean(),
  signingKeyId: z.nullable(idSchema('ak')),
  updatedAt: time,
});

export const executionStartSchema = z.strictObject({
  executionId: idSchema('ex'),
  trigger: z.enum(['SCHEDULED', 'MANUAL']),
  startedAt: time,
});

export const executionSchema = executionStartSchema.extend({
  durationMs: z.number().nullable(),
  httpStatus: z.int().nullable(),
  result: z.enum(['RUNNING', 'WAITING', 'SUCCESS', 'FAILED', 'TIMED_OUT', 'SKIPPED', 'CANCELLED']),
});

export const jobsSchema = z.strictObject({ jobs: z.array(jobSummarySchema), nextCursor: z.string().nullable() });
export const executionsSchema = z.strictObject({ executions: z.array(executionSchema) });

/** The envelope of what went well. */
export function okSchema(data: z.ZodType) {
  return z.strictObject({ status: z.literal('OK'), data });
}

export const errorSchema = z.strictObject({ status: z.literal('ERROR'), message: z.string() });
