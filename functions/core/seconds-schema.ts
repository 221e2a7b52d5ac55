import * as z from 'zod/mini';

/** A span of 0 to `max` seconds, kept to the millisecond: a number below 1e-130 is none that DynamoDB takes. */
export function secondsSchema(max: number) {
  return z.pipe(
    z.number().check(z.gte(0), z.lte(max)),
    z.transform((seconds: number) => Math.round(seconds * 1000) / 1000),
  );
}
