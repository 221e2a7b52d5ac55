import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { EventStore, StoredEvent } from '../../core/event/event.js';
import type { Clock } from '../../core/ports.js';
import { eventItems, pageItem, storedEvents } from './event-items.js';
import { eventKey } from './keys.js';
import { readPayload } from './payload-item.js';
import { putIfAbsent } from './put-if-absent.js';
import { readTogether } from './read-together.js';
import type { RunsTable } from './runs-table.js';

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

/** An event and the pages of its fan-out. Without a payload that lies apart. */
export async function findEvent(runs: RunsTable, project: string, id: string): Promise<StoredEvent | undefined> {
  const items = await readTogether(runs, eventKey(project, id));
  return storedEvents(items.values())[0];
}
