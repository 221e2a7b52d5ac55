import * as z from 'zod';
import { idSchema } from '../../core/id-schema.js';
import { attemptStatusSchema } from '../../core/run/task-queries.js';
import { endpointOrNull, shownError, shownHeaders, shownTime } from './shown-values.js';

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
