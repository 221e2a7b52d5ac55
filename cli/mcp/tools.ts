import type { NewEvent, NewSchedule, NewTask, Punctual, Schemas } from '../../clients/typescript/punctual.js';
import { found } from '../commands/runs.js';

type Property = Readonly<Record<string, unknown>>;

/** One operation of the client, as an assistant may call it. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  /** Changes something: only there with --allow-writes. */
  readonly writes?: boolean;
  readonly properties: Readonly<Record<string, Property>>;
  readonly required?: readonly string[];
  call(punctual: Punctual, given: Given): Promise<unknown>;
}

// biome-ignore lint/suspicious/noExplicitAny: what an assistant sends is checked by the API
type Given = any;

const text = (description: string): Property => ({ type: 'string', description });
const whole = (description: string): Property => ({ type: 'integer', minimum: 1, description });
const anyJson = (description: string): Property => ({ description });
const labels = { labels: { type: 'object', additionalProperties: { type: 'string' }, description: 'Labels.' } };
const id = (prefix: string) => ({ id: text(`${prefix}_…`) });
const moment = (what: string) => text(`${what}: ISO 8601 with its offset.`);

const page = {
  page_size: whole('How many, up to 100; 20 by default.'),
  cursor: text('The next_cursor of a page before.'),
};
const endpoint = { endpoint_id: text('Of this endpoint, ep_….') };
const label = { label: text('With this label, as key:value.') };
const stretch = { since: moment('At this moment or later'), until: moment('At this moment or earlier') };
const target = {
  endpoint_id: text('An endpoint, ep_…; or give a target.'),
  target: {
    type: 'object',
    properties: { url: text('Where to send.') },
    required: ['url'],
    description: 'In place of an endpoint.',
  },
  payload: anyJson('What to send: any JSON.'),
};

const RUN_STATUSES: readonly Schemas['RunStatus'][] = [
  'pending',
  'running',
  'retry_scheduled',
  'success',
  'dead_letter',
  'cancelled',
  'skipped',
];

const reading: readonly Tool[] = [
  {
    name: 'search',
    description:
      'Finds objects by the begin of an id, a key, a name or a label (key:value), or by a whole event key or Idempotency-Key.',
    properties: { q: text('The text.') },
    required: ['q'],
    call: (punctual, { q }) => punctual.search(q),
  },
  {
    name: 'inspect',
    description:
      'Shows an object by its id, with its payload; a task run with all its delivery attempts and their answers.',
    properties: id('run_…, ep_…, sch_…, evt_…, att_…, rj_…, dl_…, rp_…, bulk'),
    required: ['id'],
    call: (punctual, given) => found(punctual, given.id),
  },
  {
    name: 'list_tasks',
    description: 'Lists task runs, the newest first, without payloads.',
    properties: {
      ...page,
      status: { type: 'string', enum: RUN_STATUSES },
      ...endpoint,
      schedule_id: text('Of this schedule, sch_….'),
      event_id: text('Of this event, evt_….'),
      event_key: text('Of events with this key.'),
      idempotency_key: text('Made under this Idempotency-Key, within 24 hours.'),
      ...label,
      ...stretch,
    },
    call: ({ tasks }, given) => tasks.list(given).page(),
  },
  {
    name: 'list_deliveries',
    description: 'Lists delivery attempts, the newest first: each HTTP call with its answer.',
    properties: {
      ...page,
      ...endpoint,
      task_id: text('Of this task run, run_….'),
      status: text('success, failed, timed_out, blocked, cancelled.'),
    },
    call: ({ deliveries }, given) => deliveries.list(given).page(),
  },
  {
    name: 'list_dead_letters',
    description: 'Lists task runs that will not be tried again by themselves, the newest first.',
    properties: {
      ...page,
      ...endpoint,
      status: text('open, replayed, resolved.'),
      reason: text('As attempts_exhausted.'),
    },
    call: ({ deadLetters }, given) => deadLetters.list(given).page(),
  },
  {
    name: 'list_retry_jobs',
    description: 'Lists task runs that wait for their next attempt.',
    properties: { ...page, ...endpoint },
    call: ({ retryJobs }, given) => retryJobs.list(given).page(),
  },
  {
    name: 'list_events',
    description: 'Lists published events, the newest first.',
    properties: { ...page, event_name: text('Of this name.'), event_key: text('With this key.'), ...label },
    call: ({ events }, given) => events.list(given).page(),
  },
  {
    name: 'list_endpoints',
    description: 'Lists endpoints, the newest first, without values of headers and without secrets.',
    properties: { ...page, name: text('Of this whole name.') },
    call: ({ endpoints }, given) => endpoints.list(given).page(),
  },
  {
    name: 'list_schedules',
    description: 'Lists schedules, the newest first, with their next moment.',
    properties: { ...page, name: text('Of this whole name.'), ...label },
    call: ({ schedules }, given) => schedules.list(given).page(),
  },
  {
    name: 'list_retry_policies',
    description: 'Lists retry policies, the newest first.',
    properties: page,
    call: ({ retryPolicies }, given) => retryPolicies.list(given).page(),
  },
  {
    name: 'preview_schedule',
    description: 'Says what a cron expression means, and when it runs next.',
    properties: {
      cron: text('Five fields, or six with seconds first.'),
      timezone: text('As Europe/Berlin; UTC by default.'),
      count: whole('How many moments.'),
    },
    required: ['cron'],
    call: ({ schedules }, given) => schedules.preview(given),
  },
  {
    name: 'wait_for_task',
    description: 'Waits up to 20 seconds for the end of a task run, and shows it: look at its status.',
    properties: id('run'),
    required: ['id'],
    call: ({ tasks }, given) => tasks.wait(given.id, { forMs: 20_000 }),
  },
  {
    name: 'usage',
    description: "Shows the project's quotas, and what it has used of them.",
    properties: {},
    call: (punctual) => punctual.usage(),
  },
];

const writing: readonly Tool[] = [
  {
    name: 'send_task',
    description: 'Sends a payload to an endpoint or a URL, now or later.',
    properties: {
      ...target,
      run_at: moment('When'),
      delay_seconds: { type: 'number', description: 'When, from now.' },
      name: text('Shown in lists.'),
      ...labels,
    },
    call: ({ tasks }, given: NewTask) => tasks.create(given),
  },
  {
    name: 'publish_event',
    description: 'Publishes an event: each endpoint that listens gets a task run.',
    properties: {
      event_name: text('As invoice.paid.'),
      event_key: text("The business's own key."),
      payload: anyJson('Any JSON.'),
      ...labels,
    },
    required: ['event_name'],
    call: ({ events }, given: NewEvent) => events.publish(given),
  },
  {
    name: 'create_schedule',
    description: 'Makes a schedule: a cron expression in a time zone, or one moment.',
    properties: {
      name: text('Its name.'),
      ...target,
      cron: text('Five fields, or six with seconds first.'),
      timezone: text('UTC by default.'),
      run_at: moment('Once, in place of cron'),
      ...labels,
    },
    required: ['name'],
    call: ({ schedules }, given: NewSchedule) => schedules.create(given),
  },
  {
    name: 'set_schedule_status',
    description: 'Pauses or resumes a schedule.',
    properties: { ...id('sch'), status: { type: 'string', enum: ['active', 'paused'] } },
    required: ['id', 'status'],
    call: ({ schedules }, { id: schedule, status }) => schedules.update(schedule, { status }),
  },
  {
    name: 'run_schedule',
    description: 'Makes a task run of a schedule now.',
    properties: id('sch'),
    required: ['id'],
    call: ({ schedules }, given) => schedules.run(given.id),
  },
  {
    name: 'backfill_schedule',
    description:
      'Makes the runs of past occurrences that have none, up to 100 at a time; with dry_run it only counts them.',
    properties: {
      ...id('sch'),
      from: moment('The begin'),
      to: moment('The end, now by default'),
      dry_run: { type: 'boolean' },
    },
    required: ['id', 'from'],
    call: ({ schedules }, { id: schedule, ...body }) => schedules.backfill(schedule, body),
  },
  {
    name: 'cancel_task',
    description: 'Cancels a task run that has not ended.',
    properties: id('run'),
    required: ['id'],
    call: ({ tasks }, given) => tasks.cancel(given.id),
  },
  {
    name: 'resend_task',
    description: 'Sends the content of an ended task run again, as a new one.',
    properties: { ...id('run'), payload: anyJson('Another payload.'), endpoint_id: text('Another endpoint, ep_….') },
    required: ['id'],
    call: ({ tasks }, { id: run, ...body }) => tasks.resend(run, body),
  },
  {
    name: 'replay_dead_letter',
    description: 'Delivers a dead task run again, with all attempts of its policy.',
    properties: id('dl'),
    required: ['id'],
    call: ({ deadLetters }, given) => deadLetters.replay(given.id),
  },
  {
    name: 'resolve_dead_letter',
    description: 'Closes a dead letter without a call.',
    properties: { ...id('dl'), note: text('Why it needs no replay.') },
    required: ['id', 'note'],
    call: ({ deadLetters }, { id: letter, note }) => deadLetters.resolve(letter, { note }),
  },
];

/** All operations: those that read, and those that change something. */
export const TOOLS: readonly Tool[] = [...reading, ...writing.map((tool) => ({ ...tool, writes: true }))];
