import * as z from 'zod/mini';

const DAY_SECONDS = 24 * 60 * 60;

/** How long the secret before still signs, in seconds: long enough for every receiver to learn the new one. */
export const rotationSchema = z.strictObject({
  grace_seconds: z._default(z.int().check(z.gte(0), z.lte(30 * DAY_SECONDS)), DAY_SECONDS),
});
