import * as z from 'zod/mini';
import { cronSchema, timeZoneSchema } from '../cron/cron-schema.js';
import { moment } from '../moment-schema.js';

/** Between them the rules of zones and the calendar are known, and all that follows can still be written. */
const EARLIEST = Date.UTC(1900, 0);
const LATEST = Date.UTC(9000, 0);

/** The body of `POST /v1/schedules/preview`; `from` is now by default. */
export const previewSchema = z.strictObject({
  cron: cronSchema,
  timezone: z._default(timeZoneSchema, 'UTC'),
  from: z.optional(
    moment.check(z.refine((at) => at >= EARLIEST && at < LATEST, 'Must lie between the years 1900 and 9000.')),
  ),
  count: z._default(z.int().check(z.gte(1), z.lte(50)), 10),
});
