import * as z from 'zod';
import { shownDestination } from '../../destinations/destination-schema.js';
import { idSchema } from '../../fields/id-schema.js';
import { shownTime } from '../../fields/shown-values.js';

/** Where and how to call, given inline. */
export const shownTargetSchema = shownDestination((fields) => z.strictObject(fields) as z.ZodType<object>);

export const endpointStatusSchema = z.enum(['active', 'paused', 'disabled']);

const shownEndpoint = <More extends z.core.$ZodShape>(more: More) =>
  shownDestination((fields) =>
    z.strictObject({
      id: idSchema('ep'),
      project_id: idSchema('proj'),
      name: z.string(),
      ...fields,
      retry_policy_id: z.nullable(idSchema('rp')),
      event_filters: z.array(z.string()),
      rate_limit_per_second: z.number().nullable(),
      max_concurrency: z.int().nullable(),
      status: endpointStatusSchema,
      disabled_reason: z.string().nullable(),
      disabled_at: shownTime.nullable(),
      failing_since: shownTime.nullable(),
      created_at: shownTime,
      updated_at: shownTime,
      ...more,
    }),
  );

export const endpointSchema = shownEndpoint({});
export type ShownEndpoint = z.infer<typeof endpointSchema>;

export const endpointWithSecretSchema = shownEndpoint({ signing_secret: z.string() });
