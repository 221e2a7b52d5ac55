import { isoTime, timeOrNull } from '../../primitives/moments.js';
import { permissionsOf } from '../projects/permissions.js';
import type { Session } from './session.js';
import type { ShownSession } from './session-answers.js';

export function presentSession(session: Session): ShownSession {
  const { id, name, signed_in_by, subject, roles, created_at, expires_at, last_used_at } = session;
  const permissions = Object.keys(roles).map((project) => [project, [...new Set(permissionsOf(session, project))]]);
  return {
    ...{ id, name, signed_in_by, subject, roles, permissions: Object.fromEntries(permissions) },
    signed_in_from: session.signed_in_from ?? null,
    created_at: isoTime(created_at),
    expires_at: isoTime(expires_at),
    last_used_at: timeOrNull(last_used_at),
    last_used_from: session.last_used_from ?? null,
  };
}
