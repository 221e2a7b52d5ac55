import * as z from 'zod';
import { idSchema } from '../../fields/id-schema.js';
import { type Notes, shownLabels, shownTime } from '../../fields/shown-values.js';
import { runSchema } from '../task-runs/task-run-answers.js';
import { runStatusSchema } from '../task-runs/task-run-schema.js';

export const shownEventSchema = z.strictObject({
  id: z.union([idSchema('evt'), idSchema('ntf')]),
  project_id: idSchema('proj'),
  event_name: z.string(),
  event_key: z.string().nullable(),
  labels: shownLabels,
  status: z.enum(['pending', 'completed']),
  created_at: shownTime,
});
export type ShownEvent = z.infer<typeof shownEventSchema>;

export const wholeEventSchema = shownEventSchema.extend({ payload: z.unknown(), redacted_at: shownTime.nullable() });

export const eventWithRunsSchema = wholeEventSchema.extend({
  task_counts: z.partialRecord(runStatusSchema, z.int()),
  tasks: z.array(runSchema),
  tasks_cursor: z.string().nullable(),
});

/** What fields of events mean, for the API's page. */
export const notes: Notes = {
  event_key: "The business's own key: searchable, sent along, no deduplication.",
  'GET /v1/events.label': 'key:value. Given several times: all of them.',
  task_counts: 'How many of its task runs are in which state.',
  tasks_cursor: 'Where GET /v1/tasks?event_id= goes on; null when all are shown.',
};
