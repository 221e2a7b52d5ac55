import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { EventStore } from '../../core/event/event.js';
import type { Clock } from '../../core/ports.js';
import { held } from './conditional-write.js';
import { eventItems, eventOf, fanOutItem, fanOutOf } from './event-items.js';
import { eventKey, FAN_OUT_SUFFIX } from './keys.js';
import { readPayload } from './payload-item.js';
import { putIfAbsent } from './put-if-absent.js';
import { readTogether } from './read-together.js';

/** Events in the table of task runs. One Query reads an event and the progress of its fan-out together, strongly. */
export function createEventStore(client: DynamoDBDocumentClient, table: string, clock: Clock): EventStore {
  return {
    async find(project, id) {
      const key = eventKey(project, id);
      const items = await readTogether(client, table, key, clock.now());
      const [event, fanOut] = [items.get(key.sk), items.get(key.sk + FAN_OUT_SUFFIX)];
      if (event === undefined) return undefined;
      return {
        event: eventOf(event),
        payloadApart: event['apart'] === true,
        ...(fanOut && { fanOut: fanOutOf(fanOut) }),
      };
    },

    payload: (project, id) => readPayload(client, table, project, id),

    async create(event) {
      for (const item of eventItems(event)) await putIfAbsent(client, table, item, clock.now());
    },

    advance: (event, seen, next) =>
      held(
        client.send(
          new PutCommand({
            TableName: table,
            Item: fanOutItem(event, next),
            ...(seen
              ? {
                  ConditionExpression: '#cursor = :seen AND #status = :running',
                  ExpressionAttributeNames: { '#cursor': 'cursor', '#status': 'status' },
                  ExpressionAttributeValues: { ':seen': seen.cursor, ':running': 'running' },
                }
              : { ConditionExpression: 'attribute_not_exists(pk)' }),
          }),
        ),
      ),
  };
}
