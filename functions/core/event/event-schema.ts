import * as z from 'zod/mini';
import { payloadSchema } from '../payload-schema.js';
import { eventFilter, publishedName, soughtName } from './event-name-schema.js';

const MAX_KEY_LENGTH = 256;
const MAX_FILTERS = 50;

const eventKey = z
  .string()
  .check(z.minLength(1), z.maxLength(MAX_KEY_LENGTH), z.regex(/^\P{Cs}*$/u, 'Must be well-formed Unicode.'));

/** The body of `POST /v1/events`. The key is the business's own: searchable, sent along, no deduplication. */
export const eventSchema = z.strictObject({
  event_name: publishedName,
  event_key: z.optional(eventKey),
  payload: z.optional(payloadSchema),
});
export type EventBody = z.infer<typeof eventSchema>;

/** What the list of events can be filtered by. */
export const eventFilterQuery = { event_name: z.optional(soughtName), event_key: z.optional(eventKey) };

/** An endpoint's `event_filters`. */
export const eventFilters = z.array(eventFilter).check(
  z.maxLength(MAX_FILTERS),
  z.superRefine((filters, context) => {
    filters.forEach((filter, index) => {
      if (filters.indexOf(filter) < index)
        context.addIssue({ code: 'custom', path: [index], message: 'Give each filter once.' });
    });
  }),
);
