import * as z from 'zod';
import { idSchema } from '../../fields/id-schema.js';
import { type Notes, shownHeaders, shownTime } from '../../fields/shown-values.js';

export const shownListenerSchema = z.strictObject({
  id: idSchema('lst'),
  endpoint_ids: z.array(idSchema('ep')),
  expires_at: shownTime,
});
export type ShownListener = z.infer<typeof shownListenerSchema>;

export const listenerListSchema = z.strictObject({ data: z.array(shownListenerSchema) });

export const shownRequestSchema = z.strictObject({
  id: z.string(),
  task_id: idSchema('run'),
  endpoint_id: idSchema('ep'),
  attempt: z.int().min(1),
  name: z.string().nullable(),
  method: z.string(),
  url: z.string(),
  headers: shownHeaders,
  body: z.string(),
  expires_at: shownTime,
});
export type ShownRequest = z.infer<typeof shownRequestSchema>;

export const requestListSchema = z.strictObject({ data: z.array(shownRequestSchema) });

/** What fields of listeners mean, for the API's page. */
export const notes: Notes = {
  endpoint_ids: 'Endpoints whose target is a URL, up to 20.',
  'Listener.expires_at': 'The listener ends then, unless it asks for requests before.',
  'ListenerRequest.id': 'Of this call, as in its header Punctual-Request-Id.',
  'ListenerRequest.name': 'Name of the event, or of the task run.',
  'ListenerRequest.headers': 'All that the receiver would get, with the signature, but for what frames the request.',
  'ListenerRequest.expires_at': 'The attempt times out then: an answer that comes later is refused.',
  'ListenerAnswer.status': 'Of the receiver’s answer: it counts as if the URL had answered.',
  'ListenerAnswer.headers': 'Of the receiver’s answer. Few KB are kept.',
  'ListenerAnswer.body': 'Of the receiver’s answer. The first 4 KB are kept.',
  'ListenerAnswer.error': 'Why the receiver gave no answer, as the code of Node: ECONNREFUSED, ECONNRESET, ETIMEDOUT.',
  'GET /v1/listeners/{id}/requests.timeout_seconds': 'How long to wait for the first one; 4 by default.',
};
