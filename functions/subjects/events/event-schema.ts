import * as z from 'zod/mini';
import { publishedName, soughtName } from '../../fields/event-name-schema.js';
import { payloadSchema } from '../../fields/payload-schema.js';

const MAX_KEY_LENGTH = 256;

const eventKey = z
  .string()
  .check(z.minLength(1), z.maxLength(MAX_KEY_LENGTH), z.regex(/^\P{Cs}*$/u, 'Must be well-formed Unicode.'));

/** The body of `POST /v1/events`. The key belongs to the business: searchable and sent along, but no deduplication. */
export const eventSchema = z.strictObject({
  event_name: publishedName,
  event_key: z.optional(eventKey),
  payload: z.optional(payloadSchema),
});
export type EventBody = z.infer<typeof eventSchema>;

/** The filters of the list of events. */
export const eventFilterQuery = { event_name: z.optional(soughtName), event_key: z.optional(eventKey) };
