import * as z from 'zod/mini';
import { parseCron } from './expression.js';
import { InvalidCronError } from './field.js';
import { refuseOtherForms } from './other-forms.js';
import { isTimeZone } from './time-zone.js';
import { timeZoneHint } from './time-zone-hint.js';

/** A cron expression that we can read, and that other programs do not read differently; the fault is the message. */
export const cronSchema = z.string().check(({ value, issues }) => {
  try {
    refuseOtherForms(value);
    parseCron(value);
  } catch (error) {
    if (!(error instanceof InvalidCronError)) throw error;
    issues.push({ code: 'custom', input: value, message: error.message });
  }
});

/** An IANA time zone name. */
export const timeZoneSchema = z
  .string()
  .check(z.refine(isTimeZone, { error: ({ input }) => timeZoneHint(input as string) }));
