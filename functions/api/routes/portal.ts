import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { nameSchema } from '../../fields/name-schema.js';
import { makeId } from '../../primitives/ids.js';
import { isoTime } from '../../primitives/moments.js';
import { route } from '../http/route.js';
import { startSession } from '../http/session.js';
import { findProject } from './projects.js';

/** Milliseconds within which a link is followed. */
const LINK_MS = 10 * 60 * 1000;

export const routes = [
  route('POST /v1/projects/{id}/portal', {
    access: 'person',
    needs: 'administer',
    summary: 'Makes a link by which a customer signs in to the console of this project.',
    description:
      "The link is the console's address and `#portal=<token>`. It signs in once, within ten minutes, and shows " +
      'this project alone. What stands behind # a browser sends to no server.',
    body: z.strictObject({ name: nameSchema, role: z._default(z.enum(['viewer', 'member']), 'viewer') }),
    async handle({ body, params, now }, ports) {
      const { id } = await findProject(ports, params['id']!);
      const { name, role } = body;
      const link = { signed_in_by: 'portal_link', subject: id, name, roles: { [id]: role } } as const;
      // A repeat of an interrupted request makes another link: the token of the first was never answered.
      const sessionId = makeId('ses', now, randomBytes(8));
      const { session, token } = await startSession({ ...link, expires_at: now + LINK_MS }, sessionId, ports);
      const expires_at = isoTime(session.expires_at);
      return { status: 201, location: `/v1/sessions/${session.id}`, body: { id: session.id, token, expires_at } };
    },
  }),
];
