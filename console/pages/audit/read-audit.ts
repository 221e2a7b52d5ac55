import type { Rows } from '../../api/all-pages.js';
import { type Api, answerOf, type Schemas } from '../../api/client.js';

type Entry = Schemas['AuditEntry'];

/** Entries of an answer of the API, if there are more. */
const PAGE = 500;
const MOST_PAGES = 10;
const MOST_SHOWN = 200;

interface Audit extends Rows<Entry> {
  /** The period has more entries than were read, and the newest are not among them. */
  readonly isCut: boolean;
}

/** The newest entries since a moment, newest first. The API answers the oldest first, and those of the last minute again. */
export async function readAudit(api: Api, since: Date, signal: AbortSignal): Promise<Audit> {
  const found = new Map<string, Entry>();
  let query: { from?: string; cursor?: string } = { from: since.toISOString() };
  let isRead = false;
  for (let pages = 0; pages < MOST_PAGES && !isRead; pages++) {
    const answer = api.GET('/v1/audit', { params: { query }, parseAs: 'text', signal });
    const lines = ((await answerOf(answer)) as string).split('\n').filter(Boolean);
    for (const line of lines) {
      const entry = JSON.parse(line) as Entry;
      found.set(entry.id, entry);
    }
    const cursor = /[?&]cursor=(\w+)/.exec((await answer).response.headers.get('link') ?? '')?.[1];
    isRead = lines.length < PAGE || cursor === undefined || cursor === query.cursor;
    if (cursor !== undefined) query = { cursor };
  }
  const rows = [...found.values()].reverse();
  return { rows: rows.slice(0, MOST_SHOWN), more: rows.length > MOST_SHOWN, isCut: !isRead };
}
