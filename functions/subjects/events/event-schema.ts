import * as z from 'zod/mini';
import { eventKeySchema, publishedName, soughtName } from '../../fields/event-name-schema.js';
import { labelFilter, labelsSchema } from '../../fields/labels-schema.js';
import { payloadSchema } from '../../fields/payload-schema.js';

/** The body of `POST /v1/events`. The key belongs to the business: searchable and sent along, but no deduplication. */
export const eventSchema = z.strictObject({
  event_name: publishedName,
  event_key: z.optional(eventKeySchema),
  labels: z.optional(labelsSchema),
  payload: z.optional(payloadSchema),
});
export type EventBody = z.infer<typeof eventSchema>;

/** The filters of the list of events. */
export const eventFilterQuery = {
  event_name: z.optional(soughtName),
  event_key: z.optional(eventKeySchema),
  ...labelFilter,
};
