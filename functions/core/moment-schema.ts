import * as z from 'zod/mini';

const HOW = 'Give a time as ISO 8601 with its offset ("2026-03-01T09:00:00Z"), or as Unix seconds.';

/** A time as it comes in: ISO 8601 with any offset, or Unix seconds. Read as Unix milliseconds. */
export const moment = z.pipe(
  z.union([z.number(), z.iso.datetime({ offset: true, error: HOW })], { error: HOW }),
  z.transform((value: number | string) => (typeof value === 'number' ? Math.round(value * 1000) : Date.parse(value))),
);
