import * as z from 'zod';
import { idSchema } from '../../fields/id-schema.js';
import { endpointOrNull, shownError, shownHeaders, shownTime } from '../../fields/shown-values.js';
import { shownTargetSchema } from '../endpoints/endpoint-answers.js';
import { attemptStatusSchema, runStatusSchema } from './task-run-schema.js';

export const attemptSchema = z.strictObject({
  id: idSchema('att'),
  project_id: idSchema('proj'),
  task_id: idSchema('run'),
  endpoint_id: endpointOrNull,
  attempt: z.int().min(1),
  status: attemptStatusSchema,
  http_status: z.int().nullable(),
  latency_ms: z.number(),
  lateness_ms: z.number(),
  request_headers: shownHeaders,
  response_headers: shownHeaders,
  response_body: z.string(),
  error: shownError.nullable(),
  request_id: z.string(),
  trace_id: z.string(),
  started_at: shownTime,
  finished_at: shownTime,
  event_name: z.string().nullable(),
});
export type ShownAttempt = z.infer<typeof attemptSchema>;

export const runSchema = z.strictObject({
  id: idSchema('run'),
  project_id: idSchema('proj'),
  name: z.string().nullable(),
  status: runStatusSchema,
  endpoint_id: endpointOrNull,
  target: z.optional(shownTargetSchema),
  source: z.strictObject({
    type: z.enum(['api', 'schedule', 'event', 'manual', 'notification', 'test']),
    id: z.string().nullable(),
  }),
  run_at: shownTime,
  attempt_count: z.int().min(0),
  max_attempts: z.int().min(1),
  next_attempt_at: shownTime.nullable(),
  created_at: shownTime,
  finished_at: shownTime.nullable(),
});
export type ShownRun = z.infer<typeof runSchema>;

export const wholeRunSchema = runSchema.extend({ payload: z.unknown() });
export const runWithAttemptsSchema = wholeRunSchema.extend({ attempts: z.array(attemptSchema) });

export const retryJobSchema = z.strictObject({
  id: idSchema('rj'),
  project_id: idSchema('proj'),
  task_id: idSchema('run'),
  name: z.string().nullable(),
  endpoint_id: endpointOrNull,
  attempt: z.int().min(1),
  run_at: shownTime,
  last_error: shownError.nullable(),
});
export type ShownRetryJob = z.infer<typeof retryJobSchema>;
