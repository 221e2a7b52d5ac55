import * as z from 'zod/mini';
import { moment } from '../../fields/moment-schema.js';
import { nameSchema } from '../../fields/name-schema.js';
import { SCOPES } from './permissions.js';

const environment = z.enum(['production', 'staging']);

export const newProjectSchema = z.strictObject({
  name: nameSchema,
  environment: z._default(environment, 'production'),
});

/** Every list reads all shards, so unneeded shards only slow it down. A shard takes about 300 task runs a second. */
const MAX_SHARDS = 64;

export const projectPatchSchema = z.strictObject({
  name: z.optional(nameSchema),
  environment: z.optional(environment),
  shards: z.optional(z.int().check(z.gte(1), z.lte(MAX_SHARDS))),
});

/** A deletion of a project that is not empty names the project again. */
export const deletionQuery = z.strictObject({ confirm: z.optional(z.string()) });

export const newKeySchema = z.strictObject({
  label: nameSchema,
  scopes: z.optional(z.array(z.enum(SCOPES)).check(z.minLength(1), z.maxLength(SCOPES.length))),
  expires_at: z.optional(moment),
});
