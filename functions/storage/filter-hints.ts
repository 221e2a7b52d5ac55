import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Endpoint } from '../subjects/endpoints/endpoint.js';
import { filterHintKey } from './keys.js';
import { Table } from './table.js';

type Read = (project: string, endpoint: string) => Promise<Endpoint | undefined>;

/** Hints: one small item per endpoint and filter, by which an event finds endpoints. The endpoint is the authority. */
export interface FilterHints {
  /** Call before the endpoint's item has the filters. */
  put(project: string, endpoint: string, filters?: readonly string[]): Promise<void>;
  /** Call after the endpoint was changed or deleted; `filters` are its former and present filters. */
  align(project: string, endpoint: string, filters: readonly string[]): Promise<void>;
}

export function createFilterHints(client: DynamoDBDocumentClient, name: string, read: Read): FilterHints {
  const table = new Table(client, name);
  const put: FilterHints['put'] = async (project, endpoint, filters = []) => {
    await Promise.all(filters.map((filter) => table.put(filterHintKey(project, filter, endpoint))));
  };

  return {
    put,
    async align(project, endpoint, filters) {
      if (filters.length === 0) return;
      for (;;) {
        const wanted = (await read(project, endpoint))?.event_filters ?? [];
        const stale = filters.filter((filter) => !wanted.includes(filter));
        await put(project, endpoint, wanted);
        await Promise.all(stale.map((filter) => table.remove(filterHintKey(project, filter, endpoint))));
        // A concurrent change may have added a filter whose hint was just deleted: read the endpoint again (strongly).
        const now = (await read(project, endpoint))?.event_filters ?? [];
        if (stale.every((filter) => !now.includes(filter))) return;
      }
    },
  };
}
