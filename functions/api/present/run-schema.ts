import * as z from 'zod';
import { idSchema } from '../../core/id-schema.js';
import { runStatusSchema } from '../../core/run/task-queries.js';
import { attemptSchema } from './attempt-schema.js';
import { targetSchema } from './endpoint-schema.js';
import { endpointOrNull, shownTime } from './shown-values.js';

export const runSchema = z.strictObject({
  id: idSchema('run'),
  project_id: idSchema('proj'),
  name: z.string().nullable(),
  status: runStatusSchema,
  endpoint_id: endpointOrNull,
  target: targetSchema.optional(),
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
