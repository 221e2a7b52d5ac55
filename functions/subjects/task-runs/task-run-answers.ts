import * as z from 'zod';
import { idSchema } from '../../fields/id-schema.js';
import {
  endpointOrNull,
  type Notes,
  shownError,
  shownHeaders,
  shownLabels,
  shownTime,
} from '../../fields/shown-values.js';
import { shownTargetSchema } from '../endpoints/endpoint-answers.js';
import { RUN_SOURCES } from './task-run.js';
import { attemptStatusSchema, runStatusSchema } from './task-run-schema.js';

const phaseMs = z.optional(z.int().min(0));
export const timingsSchema = z.strictObject({ dns: phaseMs, connect: phaseMs, tls: phaseMs, first_byte: phaseMs });

export const attemptSchema = z.strictObject({
  id: idSchema('att'),
  project_id: idSchema('proj'),
  task_id: idSchema('run'),
  endpoint_id: endpointOrNull,
  attempt: z.int().min(1),
  status: attemptStatusSchema,
  http_status: z.int().nullable(),
  latency_ms: z.number(),
  timings_ms: z.optional(timingsSchema),
  lateness_ms: z.number(),
  request_headers: shownHeaders,
  response_headers: shownHeaders,
  response_body: z.string(),
  error: shownError.nullable(),
  request_id: z.string(),
  trace_id: z.string(),
  listener_id: z.optional(idSchema('lst')),
  started_at: shownTime,
  finished_at: shownTime,
  event_name: z.string().nullable(),
});
export type ShownAttempt = z.infer<typeof attemptSchema>;

export const runSchema = z.strictObject({
  id: idSchema('run'),
  project_id: idSchema('proj'),
  name: z.string().nullable(),
  labels: shownLabels,
  status: runStatusSchema,
  endpoint_id: endpointOrNull,
  target: z.optional(shownTargetSchema),
  source: z.strictObject({ type: z.enum(RUN_SOURCES), id: z.string().nullable() }),
  resent_from: z.optional(idSchema('run')),
  run_at: shownTime,
  attempt_count: z.int().min(0),
  max_attempts: z.int().min(1),
  next_attempt_at: shownTime.nullable(),
  created_at: shownTime,
  finished_at: shownTime.nullable(),
});
export type ShownRun = z.infer<typeof runSchema>;

export const wholeRunSchema = runSchema.extend({ payload: z.unknown(), redacted_at: shownTime.nullable() });
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

/** What fields of task runs mean, for the API's page. */
export const notes: Notes = {
  attempt_count: 'Attempts that were begun.',
  'GET /v1/tasks.since': 'Created at this moment or later; of a schedule, due then.',
  'GET /v1/tasks.until': 'Created at this moment or earlier; of a schedule, due then.',
  'NewTask.run_at': 'When its call is due; 0, like neither run_at nor delay_seconds, is now.',
  'Resending.endpoint_id': "Instead of the run's endpoint or inline target.",
  'Resending.headers': 'Of the inline target; replaced whole, but *** keeps the value of that header.',
  'NewTask.endpoint_id': 'Give either endpoint_id or target.',
  labels: 'Pairs of key and value that lists can be filtered by. Task runs have those of their schedule or event.',
  'GET /v1/tasks.label': 'key:value. Given several times: all of them.',
  'GET /v1/tasks.idempotency_key':
    'Runs that requests of the last 24 hours with a key of the project made under this Idempotency-Key.',
  timeout_seconds: 'How long to wait; 4 by default.',
  'GET /v1/tasks.event_key': 'Runs of events with this key; a page may be short and go on.',
  listener_id: 'The listener that made the call, in place of a call of the URL; absent for others.',
  lateness_ms: 'How long after its due moment the call started.',
  latency_ms: 'From the start of the call to its outcome.',
  timings_ms:
    'How much of it the phases took that were completed; first_byte is the wait for the headers of the answer, and the ' +
    'rest is its body. A reused connection has neither dns, connect nor tls. Absent for other targets than HTTP.',
  next_attempt_at: 'Null unless an attempt is due.',
  redacted_at: 'When its content was removed: payload, headers and answers. Null if it was not.',
  request_headers: 'As sent; values that the endpoint sets are shown as ***.',
  resent_from: 'The ended task run that was sent again; absent for others.',
  response_body: 'Its first 4 KB.',
  run_at: 'When its call is due.',
  delay_seconds: 'Seconds from now; instead of run_at.',
  source: 'What made the task run.',
};
