import * as z from 'zod';
import { nameSchema } from '../name-schema.js';

const environment = z.enum(['production', 'staging']);

export const newProjectSchema = z.strictObject({ name: nameSchema, environment: environment.default('production') });

/** Every list reads all shards, so more than the traffic needs only slow it down. One takes some 300 task runs a second. */
const MAX_SHARDS = 64;

export const projectPatchSchema = z.strictObject({
  name: nameSchema.optional(),
  environment: environment.optional(),
  shards: z.int().min(1).max(MAX_SHARDS).optional(),
});

export const newKeySchema = z.strictObject({ label: nameSchema });
