import * as z from 'zod/mini';
import { oneDestination, targetSchema } from '../../destinations/destination-schema.js';
import { httpSchemas } from '../../destinations/http/http.js';
import type { CallRules } from '../../destinations/kind.js';
import { eventKeySchema } from '../../fields/event-name-schema.js';
import { idFilter, idSchema } from '../../fields/id-schema.js';
import { labelFilter, labelsSchema } from '../../fields/labels-schema.js';
import { HOW_TO_GIVE_A_MOMENT, moment } from '../../fields/moment-schema.js';
import { nameSchema } from '../../fields/name-schema.js';
import { payloadSchema } from '../../fields/payload-schema.js';
import { isObject } from '../../primitives/json-text.js';
import { DEAD_REASONS, RUN_STATUSES } from './task-run.js';

/** The body of `POST /v1/tasks`. `run_at: 0` means now; so does a body without `run_at` and `delay_seconds`. */
export function taskSchema(rules: CallRules) {
  return z
    .strictObject({
      name: z.optional(nameSchema),
      labels: z.optional(labelsSchema),
      endpoint_id: z.optional(idSchema('ep')),
      target: z.optional(targetSchema(rules)),
      payload: z.optional(payloadSchema),
      run_at: z.optional(
        z.union(
          [
            z.pipe(
              z.literal(0),
              z.transform(() => 'now' as const),
            ),
            moment,
          ],
          { error: HOW_TO_GIVE_A_MOMENT },
        ),
      ),
      delay_seconds: z.optional(z.number().check(z.nonnegative())),
      retry_policy_id: z.optional(idSchema('rp')),
    })
    .check(
      oneDestination(),
      z.refine(({ run_at, delay_seconds }) => run_at === undefined || delay_seconds === undefined, {
        path: ['delay_seconds'],
        message: 'Give either run_at or delay_seconds.',
        when: isObject,
      }),
    );
}

export type TaskBody = z.infer<ReturnType<typeof taskSchema>>;

/** The body of `POST /v1/tasks/{id}/resend`: what is to differ from the ended run. */
export function resendSchema(rules: CallRules) {
  return z.strictObject({
    payload: z.optional(payloadSchema),
    endpoint_id: z.optional(idSchema('ep')),
    headers: z.optional(httpSchemas(rules).headers),
  });
}

export type ResendBody = z.infer<ReturnType<typeof resendSchema>>;

/** The filters of the lists of runs, attempts and dead letters. */
export const runStatusSchema = z.enum(RUN_STATUSES);
export const attemptStatusSchema = z.enum(['success', 'failed', 'timed_out', 'blocked', 'cancelled']);
export const deadReasonSchema = z.enum(DEAD_REASONS);
export const deadStatusSchema = z.enum(['open', 'replayed', 'resolved']);
export const endpointFilter = { endpoint_id: z.optional(idSchema('ep')) };
export const scheduleFilter = { schedule_id: z.optional(idFilter('sch')) };
export const eventFilter = { event_id: z.optional(z.union([idSchema('evt'), idSchema('ntf')])) };
export const taskFilter = { task_id: z.optional(idFilter('run')) };

/** As the header Idempotency-Key was sent. */
export const idempotencyKeySchema = z
  .string()
  .check(z.regex(/^[\x20-\x7e]{1,255}$/, 'Must be 1 to 255 printable ASCII characters.'));

/** The filters of a list of task runs, except times. */
export const runFilter = {
  ...endpointFilter,
  ...scheduleFilter,
  ...eventFilter,
  status: z.optional(runStatusSchema),
  ...labelFilter,
  event_key: z.optional(eventKeySchema),
};
