import * as z from 'zod';
import { idSchema } from '../../fields/id-schema.js';
import { type Notes, shownHeaders, shownTime } from '../../fields/shown-values.js';

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

/** What fields of endpoints mean, for the API's page. */
export const notes: Notes = {
  'NewEndpoint.signing_secret': 'Made where it is left out, and shown in the answer alone.',
  disabled_reason: 'In words; null unless the endpoint is disabled.',
  event_filters:
    'Names of events (invoice.paid), branches (invoice.*), or * for all but job notifications. A request that names job notifications is answered after five seconds; from then on the endpoint misses none.',
  failing_since: 'Since when every call has failed; null for a healthy endpoint.',
  headers:
    'Sent along with every call. What identifies a delivery or frames the request is reserved, also where underscores stand ' +
    'for hyphens. A PATCH replaces them whole.',
  max_concurrency: 'Calls at the same time, over all workers.',
  rate_limit_per_second: 'Starts of calls; fractions are for less than one a second.',
  timeout_ms: 'For the whole call, from looking the name up to the end of the answer.',
  url: 'https, or http where the stage allows it, as it is to be called; private addresses are refused.',
  target: 'An inline endpoint; give either endpoint_id or target.',
  endpoint_id: 'An endpoint; what has none calls an inline target.',
  grace_seconds: 'How long the secret before still signs as well.',
  signing_secret:
    'Signs what is sent (Standard Webhooks: the bytes that whsec_ and base64 name, of any other text its own), or for a key the requests; shown this once.',
};
