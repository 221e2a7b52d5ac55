import * as z from 'zod';
import { idSchema } from './id-schema.js';

/** A time in an answer: ISO 8601, UTC, with milliseconds. */
export const shownTime = z.iso.datetime({ precision: 3 });

/** An endpoint's id; null for an inline target. */
export const endpointOrNull = z.nullable(idSchema('ep'));

/** Header names to their values. */
export const shownHeaders = z.record(z.string(), z.string());

/** An error: the code for programs, the message for people. */
export const shownError = z.strictObject({ code: z.string(), message: z.string() });

/** A page of a list. */
export function pageOf(row: z.core.$ZodType) {
  return z.strictObject({
    data: z.array(row),
    page: z.int().min(1),
    page_size: z.int().min(1),
    next_cursor: z.string().nullable(),
  });
}
