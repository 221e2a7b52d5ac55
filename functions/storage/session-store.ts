import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { isId } from '../primitives/ids.js';
import type { Session, SessionStore } from '../subjects/sessions/session.js';
import { createDocuments } from './documents.js';
import { SESSIONS, seconds, sessionKey } from './keys.js';

/** In the table of task runs, since that table deletes what has expired. */
export function createSessionStore(
  client: DynamoDBDocumentClient,
  table: string,
  clock: { now(): number },
): SessionStore {
  const documents = createDocuments(client, table);
  const isLive = (session: Session) => session.expires_at > clock.now();
  return {
    async create(session) {
      await documents.create(sessionKey(session.id), { ...session, ttl: seconds(session.expires_at) });
    },

    async find(id) {
      const found = isId('ses', id) ? await documents.read<Session>(sessionKey(id)) : undefined;
      return found && isLive(found) ? found : undefined;
    },

    list: (before, limit, wanted) =>
      documents.newest<Session>(
        { partition: SESSIONS, prefix: 'ses', before },
        limit,
        (session) => isLive(session) && wanted(session),
      ),

    end: (id) => documents.remove(sessionKey(id)),

    noteUse: (id, from, at, since) => documents.noteUse(sessionKey(id), from, at, since),
  };
}
