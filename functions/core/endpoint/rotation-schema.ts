import * as z from 'zod/mini';
import { signingSecret } from './secret-schema.js';

const DAY_SECONDS = 24 * 60 * 60;

/**
 * How long the secret before still signs, in seconds: long enough for every receiver to learn the new one. It is made here
 * unless it is given.
 */
export const rotationSchema = z.strictObject({
  signing_secret: z.optional(signingSecret),
  grace_seconds: z._default(z.int().check(z.gte(0), z.lte(30 * DAY_SECONDS)), DAY_SECONDS),
});
