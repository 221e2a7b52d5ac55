import * as z from 'zod';

/** A span of 0 to `max` seconds, kept to the millisecond: a number below 1e-130 is none that DynamoDB takes. */
export function secondsSchema(max: number) {
  return z
    .number()
    .min(0)
    .max(max)
    .transform((seconds) => Math.round(seconds * 1000) / 1000);
}
