import * as z from 'zod';
import { idSchema } from '../../fields/id-schema.js';
import { type Notes, shownTime } from '../../fields/shown-values.js';

export const sessionSchema = z.strictObject({
  id: idSchema('ses'),
  name: z.string(),
  signed_in_by: z.enum(['operator_key', 'api_key', 'oidc', 'portal_link', 'portal']),
  subject: z.string(),
  roles: z.record(z.string(), z.enum(['viewer', 'member', 'admin'])),
  permissions: z.record(z.string(), z.array(z.enum(['read', 'publish', 'manage', 'audit', 'administer']))),
  signed_in_from: z.string().nullable(),
  created_at: shownTime,
  expires_at: shownTime,
  last_used_at: shownTime.nullable(),
  last_used_from: z.string().nullable(),
});
export type ShownSession = z.infer<typeof sessionSchema>;

export const startedSessionSchema = sessionSchema.extend({ token: z.string().optional() });

/** Of a portal link, and of a console link. */
export const linkSchema = z.strictObject({ id: idSchema('ses'), token: z.string(), expires_at: shownTime });

export const waysToSignInSchema = z.strictObject({ provider: z.string().nullable() });

export const providerPageSchema = z.strictObject({ location: z.string() });

/** What fields of sessions mean, for the API's page. */
export const notes: Notes = {
  operator_key: 'Made when the stack was deployed, and kept in Secrets Manager.',
  api_key: "A project's key. The session may what the key may, and ends with it.",
  portal_token: 'The end of a portal link or a console link, which signs in once.',
  'PortalLink.id': 'Revokes the link, as a session is revoked.',
  'PortalLink.token': "To be put behind the console's address and #portal=. Shown this once.",
  'ConsoleLink.id': 'Revokes the link, as a session is revoked.',
  'ConsoleLink.token': "To be put behind the console's address and #portal=. Shown this once.",
  'NewPortalLink.name': 'Whom the link is for: the console and the audit show it.',
  cookie: 'For a browser: the answer sets a cookie that no script reads, and has no token.',
  'StartedSession.token': 'Shown this once; not in the answer that sets a cookie.',
  subject: 'operator, the id of the API key or of the project, or the id by which the provider knows the person.',
  roles: 'By project; * stands for all projects.',
  permissions: 'What the session may do, by project as in roles; those of * hold in each project.',
  signed_in_from: 'The IP address from which the person signed in.',
  'Session.last_used_from': 'The IP address from which the session was used last.',
  'NewSignIn.to': "The console's page that the sign-in leads to.",
  'SignInUnderWay.location': "The provider's page, for the browser to go to.",
  'WaysToSignIn.provider': 'What the console calls the provider. Null without one.',
  'Session.expires_at': 'The session ends at this moment, or before.',
  'StartedSession.expires_at': 'The session ends at this moment, or before.',
};
