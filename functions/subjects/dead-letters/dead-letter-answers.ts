import * as z from 'zod';
import { idSchema } from '../../fields/id-schema.js';
import { endpointOrNull, type Notes, shownTime } from '../../fields/shown-values.js';
import { attemptSchema } from '../task-runs/task-run-answers.js';
import { deadReasonSchema, deadStatusSchema } from '../task-runs/task-run-schema.js';

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

/** What fields of dead letters mean, for the API's page. */
export const notes: Notes = {
  endpoint_deleted: 'Its endpoint is gone, so that nothing can be replayed.',
  since: 'Died at this moment or later.',
  until: 'Died at this moment or earlier.',
};
