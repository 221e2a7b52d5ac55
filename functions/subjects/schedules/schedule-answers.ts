import * as z from 'zod';
import { idSchema } from '../../fields/id-schema.js';
import { endpointOrNull, shownTime } from '../../fields/shown-values.js';
import { shownTargetSchema } from '../endpoints/endpoint-answers.js';
import { inlineRetryPolicySchema } from '../retry-policies/retry-policy-answers.js';
import { runSchema } from '../task-runs/task-run-answers.js';

export const shownScheduleSchema = z.strictObject({
  id: idSchema('sch'),
  project_id: idSchema('proj'),
  name: z.string(),
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
