import * as z from 'zod/mini';
import { secondsSchema } from '../../fields/moment-schema.js';
import { nameSchema } from '../../fields/name-schema.js';
import { nullish } from '../../fields/nullish.js';
import { unknownFields } from '../../fields/unknown-fields.js';
import { invalid } from '../../primitives/faults.js';
import { DEFAULT_RETRY_POLICY, RETRY_STRATEGIES, type RetryPolicy } from './retry-policy.js';

/** A retry policy of a project. Times are Unix milliseconds. */
export interface NamedRetryPolicy extends RetryPolicy {
  readonly id: string;
  readonly project_id: string;
  readonly name: string;
  /** By which the policy can be put. */
  readonly key?: string;
  readonly created_at: number;
  readonly updated_at: number;
}

const MAX_DELAY_SECONDS = 7 * 24 * 60 * 60;
/** More attempts would only delay the dead letter. */
export const MAX_ATTEMPTS = 50;

/** Seconds. */
export const retryDelaySchema = secondsSchema(MAX_DELAY_SECONDS);

const fields = {
  strategy: z.enum(RETRY_STRATEGIES),
  base_delay_seconds: retryDelaySchema,
  max_delay_seconds: retryDelaySchema,
  delays_seconds: z.array(retryDelaySchema).check(z.maxLength(MAX_ATTEMPTS - 1)),
  max_attempts: z.int().check(z.gte(1), z.lte(MAX_ATTEMPTS)),
  jitter: z.enum(['none', 'full']),
  retry_on_statuses: z
    .array(z.string().check(z.regex(/^[1-5](\d\d|xx)$/i, 'Must be a status such as "429" or "5xx".')))
    .check(z.maxLength(50)),
  honor_retry_after: z.boolean(),
};

/** An omitted field, or null, has its default. */
const settings = nullish(fields);

export const newRetryPolicySchema = z.strictObject({ name: nameSchema, ...settings });
/** The body of a PUT: the name is the key, unless given. */
export const retryPolicyPutSchema = z.strictObject({ name: z.optional(nameSchema), ...settings });
export const retryPolicyPatchSchema = z.strictObject({ name: z.optional(nameSchema), ...settings });

export type NewRetryPolicy = z.infer<typeof newRetryPolicySchema>;
type Settings = Omit<z.infer<typeof newRetryPolicySchema>, 'name'>;
export type RetryPolicyPatch = z.infer<typeof retryPolicyPatchSchema>;

/**
 * The settings with their defaults: a list of delays makes as many retries, and no default bound cuts a given delay.
 * @throws InvalidRequestError for the custom strategy without delays
 */
export function retryPolicyOf(given: Settings): RetryPolicy {
  const set = withoutNulls(given);
  const strategy = set.strategy ?? DEFAULT_RETRY_POLICY.strategy;
  const delays = set.delays_seconds ?? (strategy === 'custom' ? DEFAULT_RETRY_POLICY.delays_seconds : []);
  if (strategy === 'custom' && delays.length === 0)
    throw invalid('/delays_seconds', 'The custom strategy needs at least one delay.');
  return {
    ...DEFAULT_RETRY_POLICY,
    max_delay_seconds: Math.max(DEFAULT_RETRY_POLICY.max_delay_seconds, set.base_delay_seconds ?? 0, ...delays),
    max_attempts: strategy === 'custom' ? delays.length + 1 : DEFAULT_RETRY_POLICY.max_attempts,
    ...set,
    strategy,
    delays_seconds: delays,
  };
}

/** The patched policy; `now` in Unix milliseconds. @throws InvalidRequestError as `retryPolicyOf` */
export function patchedRetryPolicy(policy: NamedRetryPolicy, patch: RetryPolicyPatch, now: number): NamedRetryPolicy {
  const { name = policy.name, ...changes } = patch;
  const { id, project_id, key, created_at, name: _name, updated_at: _updated, ...settings } = policy;
  const kept = unknownFields(policy, FIELDS);
  const own = { id, project_id, name, ...(key !== undefined && { key }) };
  return { ...kept, ...own, ...retryPolicyOf({ ...settings, ...changes }), created_at, updated_at: now };
}

const FIELDS: Record<keyof NamedRetryPolicy, unknown> = {
  ...fields,
  id: true,
  project_id: true,
  name: true,
  key: true,
  created_at: true,
  updated_at: true,
};

type Set<Given> = { [Name in keyof Given]?: NonNullable<Given[Name]> };

function withoutNulls<Given extends object>(given: Given): Set<Given> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value != null)) as Set<Given>;
}
