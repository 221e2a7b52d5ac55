import * as z from 'zod';
import type { AuditEntry } from '../../core/audit/audit-entry.js';
import { idSchema } from '../../core/id-schema.js';
import { makeId } from '../../core/ids.js';
import { isoTime, moment } from '../../core/moments.js';
import { route } from '../route.js';

/** Entries per answer. */
const PAGE = 500;
/** What began this long ago is over, or its process has died: entries older than that do not change, and none comes before. */
const SETTLED_MS = 60_000;

/** A query gives times as text, Unix seconds too. */
const from = z
  .string()
  .transform((text) => (/^\d{1,11}$/.test(text) ? Number(text) : text))
  .pipe(moment);

const first = (at: number): string => makeId('aud', at, Buffer.alloc(8));

export const routes = [
  route({
    method: 'GET',
    path: '/v1/audit',
    access: 'project',
    summary:
      'Who changed what, from where, and what it was before and after: one JSON object per line, oldest first, a minute late. ' +
      'Go on with the last id as cursor.',
    query: z.strictObject({ from: from.optional(), cursor: idSchema('aud').optional() }),
    async handle({ query, projects, credential, named, now }, { auditTrail, configStore }) {
      // An operator who names no project sees those of deleted ones as well, and what is about none of them.
      const isAboutAll = credential.kind === 'operator' && named === undefined;
      const ids = (isAboutAll ? await configStore.everyProject() : projects).map(({ id }) => id);
      const scopes = isAboutAll ? [...ids, null] : ids;
      const after = query.cursor ?? first(query.from ?? 0);
      const entries = await auditTrail.list(scopes, after, first(now - SETTLED_MS), PAGE);
      const body = entries.map((entry) => `${JSON.stringify(presentEntry(entry))}\n`).join('');
      return { status: 200, body, headers: { 'content-type': 'application/x-ndjson; charset=utf-8' } };
    },
  }),
];

function presentEntry({ id, at, ...entry }: AuditEntry) {
  return { id, at: isoTime(at), ...entry };
}
