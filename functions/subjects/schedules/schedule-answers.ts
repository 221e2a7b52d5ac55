import * as z from 'zod';
import { idSchema } from '../../fields/id-schema.js';
import { endpointOrNull, type Notes, shownLabels, shownTime } from '../../fields/shown-values.js';
import { shownTargetSchema } from '../endpoints/endpoint-answers.js';
import { inlineRetryPolicySchema } from '../retry-policies/retry-policy-answers.js';
import { runSchema } from '../task-runs/task-run-answers.js';

export const shownScheduleSchema = z.strictObject({
  id: idSchema('sch'),
  project_id: idSchema('proj'),
  name: z.string(),
  key: z.optional(z.string()),
  labels: shownLabels,
  status: z.enum(['active', 'paused', 'completed', 'deleted']),
  cron: z.string().nullable(),
  timezone: z.string(),
  run_at: shownTime.nullable(),
  endpoint_id: endpointOrNull,
  target: z.optional(shownTargetSchema),
  overlap_policy: z.enum(['skip', 'allow', 'cancel_previous']),
  misfire_policy: z.enum(['fire_once', 'skip']),
  misfire_grace_seconds: z.number(),
  start_at: shownTime.nullable(),
  end_at: shownTime.nullable(),
  max_runs: z.int().nullable(),
  jitter_seconds: z.number().nullable(),
  retry_policy_id: z.nullable(idSchema('rp')),
  retry_policy: inlineRetryPolicySchema.optional(),
  signing_key_id: z.optional(idSchema('ak')),
  runs: z.int().min(0),
  next_run_at: shownTime.nullable(),
  created_at: shownTime,
  updated_at: shownTime,
});
export type ShownSchedule = z.infer<typeof shownScheduleSchema>;

export const wholeScheduleSchema = shownScheduleSchema.extend({
  payload: z.unknown(),
  upcoming: z.array(shownTime),
  last_run: runSchema.nullable(),
});
export type WholeSchedule = z.infer<typeof wholeScheduleSchema>;

export const schedulePreviewSchema = z.strictObject({
  description: z.string(),
  next: z.array(shownTime),
  shifted: z.array(shownTime),
});

export const backfillAnswerSchema = z.strictObject({
  occurrences: z.int().min(0),
  missed: z.int().min(0),
  dry_run: z.boolean(),
  next_from: shownTime.nullable(),
});

/** What fields of schedules mean, for the API's page. */
export const notes: Notes = {
  'SchedulePreviewRequest.from': 'Now by default.',
  'NewBackfill.from': 'As far back as runs are kept.',
  'NewBackfill.to': 'Inclusive; now by default, and at the latest.',
  'Backfill.occurrences': 'Occurrences that were looked at: the 100 oldest of the span at most.',
  'Backfill.missed': 'Those without a task run, of which runs were made; with dry_run, would be.',
  'Backfill.next_from': 'The `from` of the next request, if the span has more occurrences.',
  'NewSchedule.run_at': 'The one moment of a schedule without cron.',
  'NewSchedule.misfire_grace_seconds': 'An occurrence that comes later than this counts as missed. By default 60.',
  'NewSchedule.endpoint_id': 'Give either endpoint_id or target.',
  'GET /v1/schedules.label': 'key:value. Given several times: all of them.',
  'GET /v1/schedules.name': 'The whole name.',
  count: 'How many occurrences to show.',
  cron: 'Five fields, or six with seconds first; names, @daily and the like, L, W, # and ? are taken; 0 and 7 are Sunday. Give either cron or run_at.',
  end_at: 'No occurrence after this moment.',
  key: 'By which it can be put: …/by-name/{key}; absent without one.',
  'PutSchedule.name': 'The key, unless given.',
  'PutSchedule.status': 'What it is, unless given; active for a new one.',
  jitter_seconds: 'Each run is put off by up to this long, always the same for the same occurrence.',
  max_runs: 'The schedule is completed after so many runs.',
  misfire_grace_seconds: 'An occurrence that comes later than this counts as missed.',
  misfire_policy:
    'What becomes of occurrences that were missed: one run for all of them, or none. What reached us in time and was handled late is never skipped.',
  overlap_policy: 'What happens while the run before executes.',
  runs: 'Occurrences that have got a run so far.',
  shifted: 'Those of the occurrences that a change of the clocks moved.',
  start_at: 'No occurrence before this moment.',
  upcoming: 'The next five occurrences.',
  retry_policy: 'A policy by value, instead of one by its id.',
  signing_key_id: 'The API key that signs the calls, beside the signature of the project.',
  timezone: 'A name such as Europe/Berlin.',
};
