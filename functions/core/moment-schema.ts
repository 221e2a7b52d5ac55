import * as z from 'zod/mini';

const HOW = 'Give a time as ISO 8601 with its offset ("2026-03-01T09:00:00Z"), or as Unix seconds (not milliseconds).';

/** The years 1 to 9999: what ISO 8601 writes with four digits, in seconds. */
const [EARLIEST, LATEST] = [-62_135_596_800, 253_402_300_799];

/** Further ahead is a mistake. */
export const MAX_AHEAD_MS = 5 * 366 * 24 * 60 * 60 * 1000;
export const TOO_FAR_AHEAD = 'More than five years ahead.';

const unixSeconds = z.number().check(z.gte(EARLIEST, HOW), z.lte(LATEST, HOW));
const iso8601 = z.iso.datetime({ offset: true, error: HOW });

/** A time as it comes in: ISO 8601 with any offset, or Unix seconds. Read as Unix milliseconds. */
export const moment = z
  .pipe(
    z.union([unixSeconds, iso8601], { error: HOW }),
    z.transform((value: number | string) => (typeof value === 'number' ? Math.round(value * 1000) : Date.parse(value))),
  )
  // An offset can carry a date beyond what its own year says.
  .check(z.refine((at) => at >= EARLIEST * 1000 && at <= LATEST * 1000, 'Must lie between the years 1 and 9999.'));
