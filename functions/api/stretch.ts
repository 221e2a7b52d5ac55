import type { Page } from '../core/newest-first.js';
import type { Stretch } from './pages.js';

/** What `listPage` makes of a page of a bounded walk: where it stopped, the next page goes on. */
export async function stretch<Row>(page: Promise<Page<Row>>): Promise<Stretch<Row>> {
  const { rows, end } = await page;
  return { rows, stoppedAt: end };
}
