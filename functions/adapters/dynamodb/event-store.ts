import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { EventStore } from '../../core/event/event.js';
import type { Clock } from '../../core/ports.js';
import { eventItems, pageItem } from './event-items.js';
import { findEvent } from './event-runs.js';
import { readPayload } from './payload-item.js';
import { putIfAbsent } from './put-if-absent.js';

/** Events in the table of task runs. One Query reads an event and the pages of its fan-out together, strongly. */
export function createEventStore(client: DynamoDBDocumentClient, table: string, clock: Clock): EventStore {
  const runs = { client, table, clock };
  return {
    find: (project, id) => findEvent(runs, project, id),
    payload: (project, id) => readPayload(runs, project, id),

    async create(event) {
      for (const item of eventItems(event)) await putIfAbsent(client, table, item, clock.now());
    },

    putPage: (event, page) => putIfAbsent(client, table, pageItem(event, page), clock.now()),
  };
}
