import * as z from 'zod';
import { type Notes, shownTime } from '../../fields/shown-values.js';
import { FOUND } from './search.js';

export const foundSchema = z.strictObject({
  kind: z.enum([...new Set(Object.values(FOUND))]),
  id: z.string(),
  name: z.string().nullable(),
  by: z.enum(['id', 'key', 'name', 'label', 'event_key', 'idempotency_key']),
  created_at: shownTime,
});
export type Found = z.infer<typeof foundSchema>;

export const foundListSchema = z.strictObject({ data: z.array(foundSchema) });

/** What fields of a search mean, for the API's page. */
export const notes: Notes = {
  'GET /v1/search.q':
    'The begin of an id with its prefix (run_0199), of a key, of a name, or of a label (customer:4); a whole event_key or Idempotency-Key.',
  'Found.name': 'Its name; of an event or a delivery of one, the name of the event.',
  'Found.by': 'What of it fits.',
};
