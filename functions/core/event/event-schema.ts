import * as z from 'zod';
import { payloadSchema } from '../payload-schema.js';
import { eventFilter, publishedName, soughtName } from './event-name-schema.js';

const MAX_KEY_LENGTH = 256;
const MAX_FILTERS = 50;

const eventKey = z
  .string()
  .min(1)
  .max(MAX_KEY_LENGTH)
  .regex(/^\P{Cs}*$/u, 'Must be well-formed Unicode.');

/** The body of `POST /v1/events`. The key is the business's own: searchable, sent along, no deduplication. */
export const eventSchema = z.strictObject({
  event_name: publishedName,
  event_key: eventKey.optional(),
  payload: payloadSchema.optional(),
});
export type EventBody = z.infer<typeof eventSchema>;

/** What the list of events can be filtered by. */
export const eventFilterQuery = { event_name: soughtName.optional(), event_key: eventKey.optional() };

/** An endpoint's `event_filters`. */
export const eventFilters = z
  .array(eventFilter)
  .max(MAX_FILTERS)
  .superRefine((filters, context) => {
    filters.forEach((filter, index) => {
      if (filters.indexOf(filter) < index)
        context.addIssue({ code: 'custom', path: [index], message: 'Given more than once.' });
    });
  });
