import * as z from 'zod';
import type { GuardSettings } from '../call/address-guard.js';
import { destinationSchema } from '../endpoint/destination-schema.js';
import { idSchema } from '../id-schema.js';
import { moment } from '../moment-schema.js';
import { isObject } from '../object-rule.js';
import { payloadSchema } from '../payload-schema.js';

/** The body of `POST /v1/tasks`. `run_at: 0` means now, as does neither `run_at` nor `delay_seconds`. */
export function taskSchema(settings: GuardSettings) {
  return z
    .strictObject({
      endpoint_id: idSchema('ep').optional(),
      target: destinationSchema(settings).optional(),
      payload: payloadSchema.optional(),
      run_at: z.union([z.literal(0).transform(() => 'now' as const), moment]).optional(),
      delay_seconds: z.number().nonnegative().optional(),
      retry_policy_id: idSchema('rp').optional(),
    })
    .refine(({ endpoint_id, target }) => (endpoint_id === undefined) !== (target === undefined), {
      path: ['endpoint_id'],
      message: 'Give either endpoint_id or target.',
      when: isObject,
    })
    .refine(({ run_at, delay_seconds }) => run_at === undefined || delay_seconds === undefined, {
      path: ['delay_seconds'],
      message: 'Give either run_at or delay_seconds.',
      when: isObject,
    });
}

export type TaskBody = z.infer<ReturnType<typeof taskSchema>>;
