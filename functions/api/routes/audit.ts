import * as z from 'zod/mini';
import { idSchema } from '../../fields/id-schema.js';
import { makeId } from '../../primitives/ids.js';
import { isoTime } from '../../primitives/moments.js';
import type { AuditEntry } from '../../subjects/audit/audit-entry.js';
import { ALL_PROJECTS } from '../../subjects/projects/permissions.js';
import { may } from '../http/permitted.js';
import { queryMoment } from '../http/query-moment.js';
import { type RouteRequest, route } from '../http/route.js';

const PATH = '/v1/audit';
/** Entries per answer. */
const PAGE = 500;
/** Milliseconds after which a change has ended or died: an older entry is final, and no new entry comes before it. */
const SETTLED_MS = 60_000;

const auditQuery = z.strictObject({ from: z.optional(queryMoment), cursor: z.optional(idSchema('aud')) });
type Request = RouteRequest<undefined, z.infer<typeof auditQuery>>;

const first = (at: number): string => makeId('aud', at, Buffer.alloc(8));

export const routes = [
  route(`GET ${PATH}`, {
    needs: 'audit',
    summary: 'Lists who changed what, what was refused, and how deliveries went, oldest first.',
    description:
      'One JSON object per line: from where a change came, the object before and after; refused requests, gathered by ' +
      'the minute. The Link header goes on where nothing can come in between any more, so entries of the last minute ' +
      'come again.',
    query: auditQuery,
    async handle(request, { auditTrail, configStore }) {
      const { query, projects, credential, named, now } = request;
      // An admin of all who names no project also sees entries of deleted projects, and entries without a project.
      const isAboutAll = named === undefined && may(credential, 'audit', ALL_PROJECTS);
      const ids = (isAboutAll ? await configStore.everyProject() : projects).map(({ id }) => id);
      const after = query.cursor ?? first(query.from ?? 0);
      const found = await auditTrail.list(isAboutAll ? [...ids, null] : ids, after, first(now + SETTLED_MS), PAGE);
      const settled = found.filter(({ at }) => at < now - SETTLED_MS);
      const body = found.filter((entry) => settled.includes(entry) || !isUnderWay(entry)).map(line);
      const link = `<${nextPath(request, settled.at(-1)?.id)}>; rel="next"`;
      return {
        status: 200,
        body: body.join(''),
        headers: { 'content-type': 'application/x-ndjson; charset=utf-8', link },
      };
    },
  }),
];

/** The change has no outcome yet; a later answer lists its entry. */
function isUnderWay(entry: AuditEntry): boolean {
  return entry.type === 'change' && entry.status === null;
}

function line({ id, at, ...entry }: AuditEntry): string {
  return `${JSON.stringify({ id, at: isoTime(at), ...entry })}\n`;
}

function nextPath({ query, named }: Request, last: string | undefined): string {
  const search = new URLSearchParams({ ...(named !== undefined && { project_id: named }) });
  const cursor = last ?? query.cursor;
  if (cursor !== undefined) search.set('cursor', cursor);
  else if (query.from !== undefined) search.set('from', isoTime(query.from));
  return search.size === 0 ? PATH : `${PATH}?${search}`;
}
