import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { isId } from '../primitives/ids.js';
import type { Session, SessionStore } from '../subjects/sessions/session.js';
import { held } from './conditional-write.js';
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

    async noteUse(id, from, at, since) {
      await held(
        client.send(
          new UpdateCommand({
            TableName: table,
            Key: sessionKey(id),
            UpdateExpression: 'SET last_used_at = :at, last_used_from = :from',
            ConditionExpression:
              'attribute_exists(pk) AND (attribute_not_exists(last_used_at) OR last_used_at <= :since)',
            ExpressionAttributeValues: { ':at': at, ':from': from, ':since': since },
          }),
        ),
      );
    },
  };
}
