import { allPages, type Rows } from '../../api/all-pages.js';
import { type Api, answerOf, type Schemas } from '../../api/client.js';
import { useProject } from '../../api/project.js';
import { type Live, useLive } from '../../api/use-live.js';
import { isWebhook } from './notifications.js';

const PAGE_SIZE = 100;
const MOST_PAGES = 5;
/** Number of newest endpoints that are searched. */
export const LOOKED_AT = PAGE_SIZE * MOST_PAGES;
const EVERY_MS = 15_000;

/** The endpoints that listen for job notifications, among the newest. */
export function useWebhooks(): Live<Rows<Schemas['Endpoint']>> {
  const { api } = useProject();
  return useLive('webhooks', (signal) => newestWebhooks(api, signal), { everyMs: EVERY_MS });
}

async function newestWebhooks(api: Api, signal: AbortSignal): Promise<Rows<Schemas['Endpoint']>> {
  const pageAt = (cursor: string | undefined) =>
    answerOf(api.GET('/v1/endpoints', { params: { query: { cursor, page_size: PAGE_SIZE } }, signal }));
  const { rows, more } = await allPages(pageAt, MOST_PAGES);
  return { rows: rows.filter(isWebhook), more };
}
