import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Endpoint } from '../subjects/endpoints/endpoint.js';
import { filterHintKey } from './keys.js';

type Read = (project: string, endpoint: string) => Promise<Endpoint | undefined>;

/** One small item per filter of an endpoint, by which an event finds it. The endpoint's own list is the authority. */
export interface FilterHints {
  /** To be done before the endpoint says so. */
  put(project: string, endpoint: string, filters?: readonly string[]): Promise<void>;
  /** To be done after the endpoint was changed or deleted; `filters` are those it had before or has now. */
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
        // Somebody may have given it back a filter meanwhile, whose hint was just deleted: whoever comes last sees it.
        const now = (await read(project, endpoint))?.event_filters ?? [];
        if (stale.every((filter) => !now.includes(filter))) return;
      }
    },
  };
}
