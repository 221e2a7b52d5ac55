import * as z from 'zod/mini';
import { eventKeySchema } from '../../fields/event-name-schema.js';
import { route } from '../http/route.js';
import { search } from '../requests/search.js';

export const routes = [
  route('GET /v1/search', {
    needs: 'read',
    summary: 'Finds objects by the begin of an id, key, name or label, or by a whole key.',
    description:
      'Answers up to 20. A label is written key:value; of event keys and of Idempotency-Keys (24 hours long, of requests ' +
      'with keys) the whole is needed. Nothing is found by its middle. The list of events filters by event_name.',
    query: z.strictObject({ q: eventKeySchema }),
    handle: async ({ query, project }, ports) => ({
      status: 200,
      body: { data: await search(ports, project(), query.q) },
    }),
  }),
];
