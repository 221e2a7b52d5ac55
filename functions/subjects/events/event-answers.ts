import * as z from 'zod';
import { idSchema } from '../../fields/id-schema.js';
import { shownTime } from '../../fields/shown-values.js';
import { runSchema } from '../task-runs/task-run-answers.js';
import { runStatusSchema } from '../task-runs/task-run-schema.js';

export const shownEventSchema = z.strictObject({
  id: z.union([idSchema('evt'), idSchema('ntf')]),
  project_id: idSchema('proj'),
  event_name: z.string(),
  event_key: z.string().nullable(),
  status: z.enum(['pending', 'completed']),
  created_at: shownTime,
});
export type ShownEvent = z.infer<typeof shownEventSchema>;

export const wholeEventSchema = shownEventSchema.extend({ payload: z.unknown() });

export const eventWithRunsSchema = wholeEventSchema.extend({
  task_counts: z.partialRecord(runStatusSchema, z.int()),
  tasks: z.array(runSchema),
  tasks_cursor: z.string().nullable(),
});
