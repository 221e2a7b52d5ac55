import * as z from 'zod/mini';
import {
  type DestinationPatch,
  newDestination,
  patchedDestination,
  patchFields,
} from '../../destinations/destination-schema.js';
import type { CallRules } from '../../destinations/kind.js';
import { eventFilters } from '../../fields/event-name-schema.js';
import { idSchema } from '../../fields/id-schema.js';
import { nameSchema } from '../../fields/name-schema.js';
import { signingSecret } from '../../fields/secret-schema.js';
import { type Endpoint, withStatus } from './endpoint.js';

const status = z.enum(['active', 'paused', 'disabled']);
/** Fractions are for receivers that take less than one call a second. */
const ratePerSecond = z.number().check(z.gte(0.01), z.lte(10_000));
const maxConcurrency = z.int().check(z.gte(1), z.lte(500));

export function newEndpointSchema(rules: CallRules, own = { name: nameSchema, status: z._default(status, 'active') }) {
  return newDestination(rules, (fields) =>
    z.strictObject({
      ...own,
      ...fields,
      retry_policy_id: z.optional(idSchema('rp')),
      event_filters: z.optional(eventFilters),
      rate_limit_per_second: z.optional(ratePerSecond),
      max_concurrency: z.optional(maxConcurrency),
      signing_secret: z.optional(signingSecret),
    }),
  );
}

export type NewEndpoint = z.infer<ReturnType<typeof newEndpointSchema>>;

/** The body of a PUT: without them the name is the key, and the status of an endpoint that is there stays. */
export function endpointPutSchema(rules: CallRules): z.ZodMiniType<EndpointPut> {
  const own = { name: z.optional(nameSchema), status: z.optional(status) };
  return newEndpointSchema(rules, own as never) as z.ZodMiniType as z.ZodMiniType<EndpointPut>;
}

export type EndpointPut = Omit<NewEndpoint, 'name' | 'status'> & Partial<Pick<NewEndpoint, 'name' | 'status'>>;

/** A merge patch: null restores a field's default; any other value replaces the field as a whole. */
export function endpointPatchSchema(rules: CallRules) {
  return z.strictObject({
    name: z.optional(nameSchema),
    ...patchFields(rules),
    retry_policy_id: z.nullish(idSchema('rp')),
    event_filters: z.nullish(eventFilters),
    rate_limit_per_second: z.nullish(ratePerSecond),
    max_concurrency: z.nullish(maxConcurrency),
    status: z.optional(status),
  });
}

export type EndpointPatch = z.infer<ReturnType<typeof endpointPatchSchema>> & Omit<DestinationPatch, 'type'>;

/** The patched endpoint; `now` in Unix milliseconds. */
export function patchedEndpoint(endpoint: Endpoint, patch: EndpointPatch, now: number): Endpoint {
  const {
    retry_policy_id: _policy,
    rate_limit_per_second: _rate,
    max_concurrency: _most,
    ...kept
  } = patch.status === undefined ? endpoint : withStatus(endpoint, patch.status, now);
  return {
    ...kept,
    name: patch.name ?? endpoint.name,
    // A PUT names its kind, which is not changed.
    ...patchedDestination(endpoint, { ...patch, type: undefined }, ''),
    ...optional('retry_policy_id', endpoint, patch),
    ...optional('rate_limit_per_second', endpoint, patch),
    ...optional('max_concurrency', endpoint, patch),
    ...(patch.event_filters !== undefined && { event_filters: patch.event_filters ?? [] }),
    updated_at: now,
  };
}

type Optional = 'retry_policy_id' | 'rate_limit_per_second' | 'max_concurrency';

/** An optional setting of an endpoint: null removes it. */
function optional<Name extends Optional>(name: Name, endpoint: Endpoint, patch: EndpointPatch): Pick<Endpoint, Name> {
  const value = patch[name] === undefined ? endpoint[name] : patch[name];
  return (value == null ? {} : { [name]: value }) as Pick<Endpoint, Name>;
}
