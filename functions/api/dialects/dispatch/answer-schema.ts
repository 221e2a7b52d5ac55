import * as z from 'zod';
import { shownTime } from '../../../fields/shown-values.js';
import { MAX_COUNTED } from './job-schema.js';

const project = z.strictObject({ id: z.uuid(), name: z.string() });

export const shownJobSchema = z.strictObject({
  id: z.uuid(),
  projectId: z.uuid(),
  title: z.string(),
  webhookUrl: z.string(),
  payload: z.record(z.string(), z.unknown()),
  fireAt: shownTime,
  status: z.enum(['SCHEDULED', 'FIRING', 'SUCCESS', 'FAILED', 'DEAD', 'CANCELLED']),
  retryCount: z.int().min(0),
  createdAt: shownTime,
  updatedAt: shownTime,
});

export const jobRowSchema = shownJobSchema
  .omit({ projectId: true, payload: true, createdAt: true, updatedAt: true })
  .extend({ project });

export const jobLogSchema = z.strictObject({
  id: z.uuid(),
  attempt: z.int().min(1),
  status: z.enum(['SUCCESS', 'FAILED']),
  responseCode: z.int().nullable(),
  responseBody: z.string().nullable(),
  firedAt: shownTime,
  durationMs: z.number(),
});

export const wholeJobSchema = shownJobSchema.extend({ project, logs: z.array(jobLogSchema) });

export const jobPageSchema = z.strictObject({
  jobs: z.array(jobRowSchema),
  pagination: z.strictObject({
    total: z.int().min(0).max(MAX_COUNTED),
    page: z.int(),
    limit: z.int(),
    totalPages: z.int(),
  }),
});

/** The envelope of what went well. */
export function okSchema(data: z.ZodType) {
  return z.strictObject({ status: z.literal(true), message: z.string(), data });
}

export const errorSchema = z.strictObject({ status: z.literal(false), message: z.string(), data: z.null() });
