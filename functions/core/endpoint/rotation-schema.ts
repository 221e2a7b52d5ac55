import * as z from 'zod';

const DAY_SECONDS = 24 * 60 * 60;

/** How long the secret before still signs, in seconds: long enough for every receiver to learn the new one. */
export const rotationSchema = z.strictObject({
  grace_seconds: z
    .int()
    .min(0)
    .max(30 * DAY_SECONDS)
    .default(DAY_SECONDS),
});
