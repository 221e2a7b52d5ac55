import * as z from 'zod/mini';
import { isTargetPattern } from '../../destinations/aws/arn.js';
import { moment } from '../../fields/moment-schema.js';
import { nameSchema } from '../../fields/name-schema.js';
import { SCOPES } from './permissions.js';
import { QUOTAS, type QuotaName, type Quotas } from './quotas.js';

const environment = z.enum(['production', 'staging']);

export const newProjectSchema = z.strictObject({
  name: nameSchema,
  environment: z._default(environment, 'production'),
});

/** Every list reads all shards, so unneeded shards only slow it down. A shard takes about 300 task runs a second. */
const MAX_SHARDS = 64;

/** The largest number that JSON and DynamoDB keep exactly is far above. */
const MAX_QUOTA = 1_000_000_000_000;
const quota = z.nullable(z.int().check(z.gte(0), z.lte(MAX_QUOTA)));
export const quotasPatchSchema = z.partial(
  z.strictObject(Object.fromEntries(QUOTAS.map((name) => [name, quota])) as Record<QuotaName, typeof quota>),
);

const MAX_PATTERNS = 100;
const pattern = z
  .string()
  .check(
    z.maxLength(512),
    z.refine(
      isTargetPattern,
      'Must be an ARN such as arn:aws:sqs:eu-central-1:123456789012:orders-*, where only * is a wildcard.',
    ),
  );

export const projectPatchSchema = z.strictObject({
  name: z.optional(nameSchema),
  environment: z.optional(environment),
  shards: z.optional(z.int().check(z.gte(1), z.lte(MAX_SHARDS))),
  quotas: z.optional(z.nullable(quotasPatchSchema)),
  payload_days: z.optional(z.nullable(z.int().check(z.gte(1), z.lte(3_650)))),
  allowed_targets: z.optional(z.nullable(z.array(pattern).check(z.maxLength(MAX_PATTERNS)))),
});

/** A project's own quotas after a merge patch: null gives the stage's value back. */
export function patchedQuotas(
  current: Partial<Quotas> = {},
  patch: z.infer<typeof quotasPatchSchema> | null = {},
): Partial<Quotas> {
  const merged = patch === null ? {} : { ...current, ...patch };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null && value !== undefined));
}

/** A deletion of a project that is not empty names the project again. */
export const deletionQuery = z.strictObject({ confirm: z.optional(z.string()) });

export const newKeySchema = z.strictObject({
  label: nameSchema,
  scopes: z.optional(z.array(z.enum(SCOPES)).check(z.minLength(1), z.maxLength(SCOPES.length))),
  expires_at: z.optional(moment),
});
