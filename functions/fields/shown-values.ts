import * as z from 'zod';
import { idSchema } from './id-schema.js';

export const shownLabels = z.record(z.string(), z.string());

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

/** What fields mean, by name, or by their owner's name and theirs: `NewTask.run_at`, `GET /v1/stats.from`. */
export type Notes = Readonly<Record<string, string>>;

/** What fields of several subjects mean. */
export const notes: Notes = {
  cursor: 'The next_cursor of an earlier page.',
  name: '1 to 200 characters, without control characters.',
  next_cursor: 'Null on the last page.',
  page: 'Reaches the first 1,000 rows; beyond them, cursor goes on.',
  page_size: '20 unless given.',
  payload:
    'A string is sent as it is, any other JSON by its own text, without the white space between its tokens; at most 256 KB. ' +
    'A PATCH replaces it whole.',
  pointer: 'A JSON pointer into the body, or the name of a query parameter or header.',
  retries: 'Calls beyond the first.',
};
