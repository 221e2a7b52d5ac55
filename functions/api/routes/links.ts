import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { nameSchema } from '../../fields/name-schema.js';
import { defined } from '../../primitives/defined.js';
import { makeId } from '../../primitives/ids.js';
import { isoTime } from '../../primitives/moments.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import { type RouteAnswer, route } from '../http/route.js';
import { type SignedIn, startSession } from '../http/session.js';
import { findProject } from './projects.js';
import { ownSession } from './sessions.js';

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
      return answerLink({ subject: id, name, roles: { [id]: role } }, now, ports);
    },
  }),

  route('POST /v1/sessions/link', {
    access: 'person',
    needs: 'nothing',
    summary: 'Makes a link by which the same person signs in to the console in a browser.',
    description:
      "The link is the console's address and `#portal=<token>`. It signs in once, within ten minutes, with the same rights. " +
      'The new session ends when the session that made the link would have ended, or before.',
    async handle(request, ports) {
      const { signed_in_by, expires_at, ...own } = await ownSession(request, ports);
      const { subject, name, roles, scopes, key_fingerprint, issuer } = own;
      const who = { subject, name, roles, ...defined({ scopes, key_fingerprint, issuer }) };
      return answerLink({ ...who, link_to: signed_in_by, linked_until: expires_at }, request.now, ports);
    },
  }),
];

/** A link is a session that opens nothing: it is exchanged for one that does. */
async function answerLink(
  who: Omit<SignedIn, 'signed_in_by'>,
  now: number,
  ports: Pick<ApiPorts, 'clock' | 'sessions' | 'settings'>,
): Promise<RouteAnswer> {
  // A repeat of an interrupted request makes another link: the token of the first was never answered.
  const id = makeId('ses', now, randomBytes(8));
  const link = { ...who, signed_in_by: 'portal_link', expires_at: now + LINK_MS } as const;
  const { session, token } = await startSession(link, id, ports);
  const expires_at = isoTime(session.expires_at);
  return { status: 201, location: `/v1/sessions/${id}`, body: { id, token, expires_at } };
}
