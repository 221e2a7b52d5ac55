const project_id = 'proj_0199c0de00007000a1b2c3d4e5f60718';
const endpoint_id = 'ep_0199c0de00017000a1b2c3d4e5f60718';
const retry_policy_id = 'rp_0199c0de00027000a1b2c3d4e5f60718';
const schedule_id = 'sch_0199c0de00037000a1b2c3d4e5f60718';
const task_id = 'run_0199c0de00047000a1b2c3d4e5f60718';
const created_at = '2026-03-01T09:00:00.000Z';
const updated_at = created_at;
const payload = { invoice_id: 'inv_123', status: 'paid' };
const url = 'https://billing.example.com/hooks';

const newEndpoint = { name: 'billing', url, timeout_ms: 5000, event_filters: ['invoice.*'], max_concurrency: 10 };

const endpoint = {
  ...newEndpoint,
  id: endpoint_id,
  project_id,
  method: 'POST',
  headers: {},
  retry_policy_id: null,
  rate_limit_per_second: null,
  status: 'active',
  disabled_reason: null,
  disabled_at: null,
  failing_since: null,
  created_at,
  updated_at,
};

const attempt = {
  id: 'att_0199c0de00047000a1b2c3d4e5f60718',
  project_id,
  task_id,
  endpoint_id,
  attempt: 1,
  status: 'failed',
  http_status: 503,
  latency_ms: 41,
  lateness_ms: 3,
  request_headers: { 'content-type': 'application/json', 'webhook-id': task_id },
  response_headers: { 'content-type': 'text/plain' },
  response_body: 'Try again later.',
  error: { code: 'http_status', message: 'The endpoint answered 503.' },
  request_id: 'req_0199c0de00047000a1b2c3d4e5f60718',
  trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  started_at: '2026-03-01T09:00:00.003Z',
  finished_at: '2026-03-01T09:00:00.044Z',
  event_name: null,
};

const run = {
  id: task_id,
  project_id,
  name: 'invoice inv_123',
  status: 'retry_scheduled',
  endpoint_id,
  source: { type: 'api', id: null },
  run_at: created_at,
  attempt_count: 1,
  max_attempts: 6,
  next_attempt_at: '2026-03-01T09:00:30.044Z',
  created_at,
  finished_at: null,
};

const schedule = {
  id: schedule_id,
  project_id,
  name: 'nightly report',
  status: 'active',
  cron: '0 3 * * *',
  timezone: 'Europe/Berlin',
  run_at: null,
  endpoint_id,
  overlap_policy: 'skip',
  misfire_policy: 'fire_once',
  misfire_grace_seconds: 60,
  start_at: null,
  end_at: null,
  max_runs: null,
  jitter_seconds: null,
  retry_policy_id,
  runs: 12,
  next_run_at: '2026-03-02T02:00:00.000Z',
  created_at,
  updated_at,
};

const deadLetter = {
  id: 'dl_0199c0de00047000a1b2c3d4e5f60718',
  project_id,
  task_id,
  name: run.name,
  endpoint_id,
  endpoint_deleted: false,
  reason: 'attempts_exhausted',
  status: 'open',
  attempt_count: 6,
  last_attempt: { ...attempt, attempt: 6 },
  created_at,
  note: null,
};

const event = {
  id: 'evt_0199c0de00057000a1b2c3d4e5f60718',
  project_id,
  event_name: 'invoice.paid',
  event_key: 'inv_123',
  status: 'completed',
  created_at,
};

const cronJob = { name: 'Refresh Cache', cronExpression: '*/5 * * * *', targetUrl: url, overlapPolicy: 'SKIP' };
const dispatchJob = {
  title: 'Trial expiry reminder',
  webhookUrl: url,
  fireAt: '2030-06-13T09:30:00Z',
  payload: { userId: 'usr_812' },
};

const percentiles = { p50: 41, p90: 98, p99: 256 };
const counted = {
  success: 1204,
  failed: 3,
  timed_out: 1,
  blocked: 0,
  dead_letters: 1,
  skipped: 0,
  cancelled: 0,
  latency_ms: percentiles,
  lateness_ms: { p50: 3, p90: 6, p99: 21 },
  failing: [{ endpoint_id, failures: 4 }],
};

/** By the names of the schemas that they are examples of. */
export const examples: Readonly<Record<string, unknown>> = {
  Credentials: { operator_key: 'op_…' },
  NewProject: { name: 'shop', environment: 'production' },
  ProjectPatch: { shards: 4 },
  Project: { id: project_id, name: 'shop', environment: 'production', shards: 1, created_at, updated_at },
  NewApiKey: { label: 'web server' },
  Rotation: { grace_seconds: 3600 },

  NewEndpoint: newEndpoint,
  EndpointPatch: { status: 'paused', rate_limit_per_second: null },
  Endpoint: endpoint,
  NewRetryPolicy: { name: 'patient', strategy: 'exponential', base_delay_seconds: 10, max_attempts: 8, jitter: 'full' },
  RetryPolicyPatch: { max_attempts: 5 },
  Recovery: { since: '2026-03-01T08:00:00Z' },

  NewTask: { name: run.name, endpoint_id, payload, run_at: '2026-03-01T09:00:00+01:00' },
  NewTaskBatch: {
    tasks: [
      { endpoint_id, payload },
      { target: { url }, delay_seconds: 3600 },
    ],
  },
  TaskRun: run,
  TaskRunWithPayload: { ...run, payload },
  TaskRunWithAttempts: { ...run, payload, attempts: [attempt] },
  DeliveryAttempt: attempt,
  RetryJob: {
    id: 'rj_0199c0de00047000a1b2c3d4e5f60718',
    project_id,
    task_id,
    name: run.name,
    endpoint_id,
    attempt: 2,
    run_at: run.next_attempt_at,
    last_error: attempt.error,
  },

  NewEvent: { event_name: 'invoice.paid', event_key: 'inv_123', payload },
  NewEventBatch: { events: [{ event_name: 'invoice.paid' }, { event_name: 'invoice.sent', payload }] },
  Event: event,
  EventWithTasks: { ...event, payload, task_counts: { retry_scheduled: 1 }, tasks: [run], tasks_cursor: null },

  NewSchedule: { name: 'nightly report', cron: '0 3 * * *', timezone: 'Europe/Berlin', endpoint_id, retry_policy_id },
  SchedulePatch: { status: 'paused' },
  Schedule: schedule,
  SchedulePreviewRequest: { cron: '0 3 * * *', timezone: 'Europe/Berlin', count: 3 },
  SchedulePreview: {
    description: 'At 03:00 AM',
    next: ['2026-03-28T02:00:00.000Z', '2026-03-29T01:00:00.000Z', '2026-03-30T01:00:00.000Z'],
    shifted: [],
  },

  DeadLetter: deadLetter,
  NewBulkReplay: { endpoint_id, since: '2026-03-01T08:00:00Z' },
  Resolution: { note: 'The customer was refunded by hand.' },
  Stats: {
    from: '2026-03-01T09:00:00.000Z',
    to: '2026-03-01T10:00:00.000Z',
    hours: [{ start: '2026-03-01T09:00:00.000Z', ...counted, complete: true, sampled: false }],
    totals: counted,
  },
  Problem: {
    type: 'about:blank',
    title: 'Bad Request',
    status: 400,
    detail: 'The request breaks the rules; see errors.',
    code: 'invalid_request',
    request_id: 'JKJaXmPLvHcESHA=',
    errors: [{ pointer: '/url', message: 'Required. Send a string.' }],
  },

  NewCronJob: { ...cronJob, body: '{}', retries: 3 },
  CronJobPatch: { state: 'PAUSED' },
  CronServiceError: { status: 'ERROR', message: 'There is no such job.' },
  NewDispatchJob: dispatchJob,
  DispatchError: { status: false, message: 'There is no such job.', data: null },
};
