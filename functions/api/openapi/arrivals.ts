import * as z from 'zod';
import { idSchema } from '../../fields/id-schema.js';
import { shownTime } from '../../fields/shown-values.js';
import type { Arrival } from '../http/dialect.js';
import { ofDialects } from './dialects.js';

const header = (description: string, required = true) => ({ description, required });

const commonHeaders = {
  'webhook-id': header('The task run: the same for all its attempts and replays.'),
  'webhook-timestamp': header('When the call was made, in Unix seconds.'),
  'webhook-signature': header('Standard Webhooks: v1, and the base64 HMAC-SHA256, for each secret that signs.'),
  'Idempotency-Key': header('The same as webhook-id.'),
  'Punctual-Attempt': header('Which attempt this is, from 1.'),
  'Punctual-Request-Id': header('Names this call.'),
  'Punctual-Scheduled-For': header('When the run was due.'),
  tracestate: header('The task runs whose calls led to this call. Pass it on: the API refuses a loop by it.'),
  traceparent: header('W3C Trace Context: continues the trace of the request that asked for the call.'),
};

const specialHeaders: Readonly<Record<string, ReturnType<typeof header>>> = {
  'Punctual-Schedule-Id': header('The schedule that the run is of; none for another run.', false),
  'Punctual-Event-Name': header('The name of the event.'),
  'Punctual-Event-Key': header('The key of the event, percent-encoded; none for an event without.', false),
  'X-CronFlow-Signature': header(
    'Lower-case hex HMAC-SHA256 of the body, keyed with the secret of the endpoint as it was shown.',
  ),
  'X-CronFlow-Idempotency-Key': header('The same as webhook-id.'),
  ...ofDialects('headers'),
};

/** The headers of an arrival, by name; an endpoint's own headers come beside them. */
export function headersOf({ headers = [] }: Arrival<string>): Readonly<Record<string, ReturnType<typeof header>>> {
  return { ...commonHeaders, ...Object.fromEntries(headers.map((name) => [name, specialHeaders[name]!])) };
}

const notification = (event: string, data: z.ZodRawShape) =>
  z.strictObject({
    event: z.literal(event),
    timestamp: shownTime,
    job_id: z.string(),
    environment: z.enum(['production', 'staging']),
    data: z.strictObject(data),
  });

const job = {
  task_id: idSchema('run'),
  name: z.string(),
  attempt: z.int().min(0),
  duration_ms: z.number().nullable(),
};

const jobCompletedSchema = notification('job.completed', {
  ...job,
  http_status: z.int().nullable(),
  output: z.string(),
  next_run_at: shownTime.nullable(),
});

const jobFailedSchema = notification('job.failed', {
  ...job,
  error_code: z.union([z.int(), z.string()]),
  message: z.string(),
  retries: z.int().min(0),
  output: z.string(),
  stack_trace: z.string().optional(),
});

const jobTimedOutSchema = notification('job.timed_out', { ...job, timeout_ms: z.int().nullable() });

const endpointDisabledSchema = notification('endpoint.disabled', {
  endpoint_id: idSchema('ep'),
  name: z.string(),
  reason: z.string(),
  since: shownTime,
});

const endpointTestSchema = z.strictObject({
  event: z.literal('test'),
  endpoint_id: idSchema('ep'),
  sent_at: shownTime,
});

const NOTIFICATION_HEADERS = ['Punctual-Event-Name', 'X-CronFlow-Signature', 'X-CronFlow-Idempotency-Key'];

const forFilters = (names: string) =>
  `For an endpoint whose event_filters name ${names}. Never about the delivery of a notification.`;

/** All calls that arrive at receivers, by the name of their webhook. */
export const arrivals: Readonly<Record<string, Arrival<string>>> = {
  taskCall: {
    id: 'receiveTaskCall',
    summary: 'The call of a task run: its payload.',
    description:
      'Of a task run that the API or a schedule made. A string arrives as it was given, any other JSON by its own text without white space.',
    headers: ['Punctual-Schedule-Id'],
  },
  eventDelivery: {
    id: 'receiveEvent',
    summary: 'An event whose name matches the event_filters of the endpoint.',
    description: 'The payload of the event; its name and its key are in headers.',
    headers: ['Punctual-Event-Name', 'Punctual-Event-Key'],
  },
  jobCompleted: {
    id: 'receiveJobCompleted',
    summary: 'A task run has succeeded.',
    description: forFilters('job.completed or job.*'),
    body: jobCompletedSchema,
    headers: NOTIFICATION_HEADERS,
  },
  jobFailed: {
    id: 'receiveJobFailed',
    summary: 'No attempt of a task run remains: it is a dead letter.',
    description: forFilters('job.failed or job.*'),
    body: jobFailedSchema,
    headers: NOTIFICATION_HEADERS,
  },
  jobTimedOut: {
    id: 'receiveJobTimedOut',
    summary: 'An attempt has hit its timeout.',
    description: forFilters('job.timed_out or job.*'),
    body: jobTimedOutSchema,
    headers: NOTIFICATION_HEADERS,
  },
  endpointDisabled: {
    id: 'receiveEndpointDisabled',
    summary: 'Another endpoint was disabled.',
    description: forFilters('endpoint.disabled or endpoint.*'),
    body: endpointDisabledSchema,
    headers: NOTIFICATION_HEADERS,
  },
  endpointTest: {
    id: 'receiveTest',
    summary: 'The sample that POST /v1/endpoints/{id}/test sends.',
    description: 'Signed like every other call, and attempted once.',
    body: endpointTestSchema,
  },
  ...ofDialects('arrivals'),
};
