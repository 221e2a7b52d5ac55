import * as z from 'zod/mini';
import { idFilter, idSchema } from '../id-schema.js';

/** What the lists of the pipeline's objects can be filtered by. */
export const runStatusSchema = z.enum([
  'pending',
  'running',
  'retry_scheduled',
  'success',
  'dead_letter',
  'cancelled',
  'skipped',
]);
export const attemptStatusSchema = z.enum(['success', 'failed', 'timed_out', 'blocked', 'cancelled']);
export const deadReasonSchema = z.enum([
  'attempts_exhausted',
  'non_retryable',
  'blocked',
  'endpoint_disabled',
  'given_up',
  'worker_failure',
]);
export const deadStatusSchema = z.enum(['open', 'replayed', 'resolved']);
export const endpointFilter = { endpoint_id: z.optional(idSchema('ep')) };
export const scheduleFilter = { schedule_id: z.optional(idFilter('sch')) };
export const eventFilter = { event_id: z.optional(z.union([idSchema('evt'), idSchema('ntf')])) };
export const taskFilter = { task_id: z.optional(idFilter('run')) };
