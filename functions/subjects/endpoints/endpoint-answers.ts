import * as z from 'zod';
import { shownDestination } from '../../destinations/destination-schema.js';
import { idSchema } from '../../fields/id-schema.js';
import { type Notes, shownTime } from '../../fields/shown-values.js';

/** Where and how to call, given inline. */
export const shownTargetSchema = shownDestination((fields) => z.strictObject(fields) as z.ZodType<object>);

export const endpointStatusSchema = z.enum(['active', 'paused', 'disabled']);

const shownEndpoint = <More extends z.core.$ZodShape>(more: More) =>
  shownDestination((fields) =>
    z.strictObject({
      id: idSchema('ep'),
      project_id: idSchema('proj'),
      name: z.string(),
      key: z.optional(z.string()),
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

const KIND = 'The kind of target. Absent for HTTP, which has a `url`; every other kind has an `arn`.';

/** What fields of endpoints mean, for the API's page. */
export const notes: Notes = {
  ...Object.fromEntries(
    ['Endpoint', 'EndpointWithSecret', 'NewEndpoint', 'PutEndpoint', 'Target', 'NewTarget'].map((name) => [
      `${name}.type`,
      KIND,
    ]),
  ),
  'TargetPatch.type': 'Null for HTTP. Another kind than before makes a new target.',
  'GET /v1/endpoints.name': 'The whole name.',
  'NewEndpoint.signing_secret': 'Made where it is left out, and shown in the answer alone.',
  'PutEndpoint.name': 'The key, unless given.',
  'PutEndpoint.status': 'What it is, unless given; active for a new one.',
  'PutEndpoint.signing_secret':
    'Of a new endpoint. That of an endpoint which is there stays: …/rotate-secret replaces it.',
  disabled_reason: 'In words; null unless the endpoint is disabled.',
  event_filters:
    'Names of events (invoice.paid), branches (invoice.*), or * for all but job notifications. A request that names job notifications is answered after five seconds; from then on the endpoint misses none.',
  failing_since: 'Since when every call has failed; null for a healthy endpoint.',
  max_concurrency: 'Calls at the same time, over all workers.',
  rate_limit_per_second: 'Starts of calls; fractions are for less than one a second.',
  timeout_ms: 'For the whole call, up to the end of the answer.',
  target: 'An inline endpoint; give either endpoint_id or target.',
  endpoint_id: 'An endpoint; what has none calls an inline target.',
  grace_seconds: 'How long the secret before still signs as well.',
  signing_secret:
    'Signs what is sent (Standard Webhooks: the bytes that whsec_ and base64 name, of any other text its own), or for a key the requests; shown this once.',
};
