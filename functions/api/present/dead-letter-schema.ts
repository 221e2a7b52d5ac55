import * as z from 'zod';
import { idSchema } from '../../core/id-schema.js';
import { deadReasonSchema, deadStatusSchema } from '../../core/run/task-queries.js';
import { attemptSchema } from './attempt-schema.js';
import { endpointOrNull, shownTime } from './shown-values.js';

export const deadLetterSchema = z.strictObject({
  id: idSchema('dl'),
  project_id: idSchema('proj'),
  task_id: idSchema('run'),
  name: z.string().nullable(),
  endpoint_id: endpointOrNull,
  endpoint_deleted: z.boolean(),
  reason: deadReasonSchema,
  status: deadStatusSchema,
  attempt_count: z.int().min(0),
  last_attempt: attemptSchema.nullable(),
  created_at: shownTime,
  note: z.string().nullable(),
});
export type ShownDeadLetter = z.infer<typeof deadLetterSchema>;

export const wholeDeadLetterSchema = deadLetterSchema.extend({ payload: z.unknown() });

export const bulkReplayAnswerSchema = z.strictObject({
  id: idSchema('bulk'),
  project_id: idSchema('proj'),
  status: z.enum(['running', 'completed']),
  replayed: z.int().min(0),
  endpoint_id: z.nullable(idSchema('ep')),
  reason: z.nullable(deadReasonSchema),
  since: shownTime.nullable(),
  until: shownTime,
  created_at: shownTime,
});
