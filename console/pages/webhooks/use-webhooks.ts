import { type Api, answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { type Live, useLive } from '../../api/use-live.js';
import { isWebhook } from './notifications.js';

const PAGE_SIZE = 100;
const MOST_PAGES = 5;
const EVERY_MS = 15_000;

/** The endpoints that listen for job notifications, among the newest five hundred. */
export function useWebhooks(): Live<Schemas['Endpoint'][]> {
  const { api } = useProject();
  return useLive('webhooks', (signal) => allWebhooks(api, signal), { everyMs: EVERY_MS });
}

async function allWebhooks(api: Api, signal: AbortSignal): Promise<Schemas['Endpoint'][]> {
  const found: Schemas['Endpoint'][] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = { cursor, page_size: PAGE_SIZE };
    const { data, next_cursor } = await answerOf(api.GET('/v1/endpoints', { params: { query }, signal }));
    found.push(...data.filter(isWebhook));
    if (next_cursor === null) break;
    cursor = next_cursor;
  }
  return found;
}
