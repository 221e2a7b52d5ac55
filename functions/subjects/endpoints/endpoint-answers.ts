import * as z from 'zod';
import { idSchema } from '../../fields/id-schema.js';
import { shownHeaders, shownTime } from '../../fields/shown-values.js';

/** Where and how to call, given inline. */
export const targetSchema = z.strictObject({
  url: z.string(),
  method: z.enum(['POST', 'GET', 'PUT', 'PATCH', 'DELETE']),
  headers: shownHeaders,
  timeout_ms: z.int(),
});

export const endpointSchema = z.strictObject({
  id: idSchema('ep'),
  project_id: idSchema('proj'),
  name: z.string(),
  ...targetSchema.shape,
  retry_policy_id: z.nullable(idSchema('rp')),
  event_filters: z.array(z.string()),
  rate_limit_per_second: z.number().nullable(),
  max_concurrency: z.int().nullable(),
  status: z.enum(['active', 'paused', 'disabled']),
  disabled_reason: z.string().nullable(),
  disabled_at: shownTime.nullable(),
  failing_since: shownTime.nullable(),
  created_at: shownTime,
  updated_at: shownTime,
});
export type ShownEndpoint = z.infer<typeof endpointSchema>;

export const endpointWithSecretSchema = endpointSchema.extend({ signing_secret: z.string() });
