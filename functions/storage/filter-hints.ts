import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Endpoint } from '../subjects/endpoints/endpoint.js';
import { filterHintKey } from './keys.js';

type Read = (project: string, endpoint: string) => Promise<Endpoint | undefined>;

/** Hints: one small item per endpoint and filter, by which an event finds endpoints. The endpoint is the authority. */
export interface FilterHints {
  /** Call before the endpoint's item has the filters. */
  put(project: string, endpoint: string, filters?: readonly string[]): Promise<void>;
  /** Call after the endpoint was changed or deleted; `filters` are its former and present filters. */
  align(project: string, endpoint: string, filters: readonly string[]): Promise<void>;
}

export function createFilterHints(client: DynamoDBDocumentClient, table: string, read: Read): FilterHints {
  const put: FilterHints['put'] = async (project, endpoint, filters = []) => {
    const items = filters.map((filter) => filterHintKey(project, filter, endpoint));
    await Promise.all(items.map((Item) => client.send(new PutCommand({ TableName: table, Item }))));
  };

  return {
    put,
    async align(project, endpoint, filters) {
      if (filters.length === 0) return;
      for (;;) {
        const wanted = (await read(project, endpoint))?.event_filters ?? [];
        const stale = filters.filter((filter) => !wanted.includes(filter));
        await put(project, endpoint, wanted);
        await Promise.all(
          stale.map((filter) => {
            const Key = filterHintKey(project, filter, endpoint);
            return client.send(new DeleteCommand({ TableName: table, Key }));
          }),
        );
        // A concurrent change may have added a filter whose hint was just deleted: read the endpoint again (strongly).
        const now = (await read(project, endpoint))?.event_filters ?? [];
        if (stale.every((filter) => !now.includes(filter))) return;
      }
    },
  };
}
