import * as z from 'zod';
import { cronSchema, timeZoneSchema } from '../cron/cron-schema.js';
import { moment } from '../moment-schema.js';

/** Between them the rules of zones and the calendar are known, and all that follows can still be written. */
const EARLIEST = Date.UTC(1900, 0);
const LATEST = Date.UTC(9000, 0);

/** The body of `POST /v1/schedules/preview`; `from` is now by default. */
export const previewSchema = z.strictObject({
  cron: cronSchema,
  timezone: timeZoneSchema.default('UTC'),
  from: moment.refine((at) => at >= EARLIEST && at < LATEST, 'Must lie between the years 1900 and 9000.').optional(),
  count: z.int().min(1).max(50).default(10),
});
