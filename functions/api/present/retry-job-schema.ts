import * as z from 'zod';
import { idSchema } from '../../core/id-schema.js';
import { endpointOrNull, shownError, shownTime } from './shown-values.js';

export const retryJobSchema = z.strictObject({
  id: idSchema('rj'),
  project_id: idSchema('proj'),
  task_id: idSchema('run'),
  name: z.string().nullable(),
  endpoint_id: endpointOrNull,
  attempt: z.int().min(1),
  run_at: shownTime,
  last_error: shownError.nullable(),
});
export type ShownRetryJob = z.infer<typeof retryJobSchema>;
