import { isoTime, timeOrNull } from '../../primitives/moments.js';
import type { Session } from './session.js';
import type { ShownSession } from './session-answers.js';

export function presentSession(session: Session): ShownSession {
  const { id, name, signed_in_by, subject, roles, created_at, expires_at, last_used_at } = session;
  return {
    ...{ id, name, signed_in_by, subject, roles },
    created_at: isoTime(created_at),
    expires_at: isoTime(expires_at),
    last_used_at: timeOrNull(last_used_at),
  };
}
