import * as z from 'zod/mini';
import type { GuardSettings } from '../call/address-guard.js';
import { destinationSchema } from '../endpoint/destination-schema.js';
import { idSchema } from '../id-schema.js';
import { HOW_TO_GIVE_A_MOMENT, moment } from '../moment-schema.js';
import { isObject } from '../object-rule.js';
import { payloadSchema } from '../payload-schema.js';

/** The body of `POST /v1/tasks`. `run_at: 0` means now, as does neither `run_at` nor `delay_seconds`. */
export function taskSchema(settings: GuardSettings) {
  return z
    .strictObject({
      endpoint_id: z.optional(idSchema('ep')),
      target: z.optional(destinationSchema(settings)),
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
      z.refine(({ endpoint_id, target }) => (endpoint_id === undefined) !== (target === undefined), {
        path: ['endpoint_id'],
        message: 'Give either endpoint_id or target.',
        when: isObject,
      }),
      z.refine(({ run_at, delay_seconds }) => run_at === undefined || delay_seconds === undefined, {
        path: ['delay_seconds'],
        message: 'Give either run_at or delay_seconds.',
        when: isObject,
      }),
    );
}

export type TaskBody = z.infer<ReturnType<typeof taskSchema>>;
