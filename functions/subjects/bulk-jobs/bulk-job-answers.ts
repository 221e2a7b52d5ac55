import * as z from 'zod';
import { idSchema } from '../../fields/id-schema.js';
import { type Notes, shownTime } from '../../fields/shown-values.js';
import { deadReasonSchema } from '../task-runs/task-run-schema.js';

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

export const bulkJobAnswerSchema = bulkReplayAnswerSchema
  .pick({ id: true, project_id: true, status: true, created_at: true })
  .extend({ action: z.enum(['replay', 'resolve', 'cancel']), done: z.int().min(0) });

export const bulkCountSchema = z.strictObject({
  dry_run: z.literal(true),
  count: z.int().min(0),
  is_complete: z.boolean(),
});

/** What fields of bulk jobs mean, for the API's page. */
export const notes: Notes = {
  ids: 'Up to 100, in place of a filter.',
  dry_run: 'Only count: change nothing.',
  'BulkJob.done': 'How many were replayed, resolved or cancelled so far.',
  'BulkCount.count': 'How many the request means now.',
  'BulkCount.is_complete': 'If not, there may be more: only so many were looked through.',
  'NewBulkCancel.labels': 'Runs that have all of these.',
  'NewBulkCancel.since': 'Made at this moment or later.',
  'NewBulkCancel.until': 'Made at this moment or earlier; now at the latest.',
};
