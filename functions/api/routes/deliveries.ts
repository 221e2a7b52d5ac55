import * as z from 'zod/mini';
import { toCsv } from '../../subjects/task-runs/csv.js';
import { presentAttempt } from '../../subjects/task-runs/present-task-run.js';
import type { ShownAttempt } from '../../subjects/task-runs/task-run-answers.js';
import { attemptStatusSchema, endpointFilter, taskFilter } from '../../subjects/task-runs/task-run-schema.js';
import { listPage, type Page, pageQuery } from '../http/pages.js';
import { type RouteAnswer, type RouteRequest, route } from '../http/route.js';
import { assertId, findInProjects } from '../requests/find.js';

const PATH = '/v1/deliveries';

const deliveryQuery = z.strictObject({
  ...pageQuery,
  ...endpointFilter,
  ...taskFilter,
  status: z.optional(attemptStatusSchema),
});
type DeliveryQuery = z.infer<typeof deliveryQuery>;

export const routes = [
  route(`GET ${PATH}`, {
    needs: 'read',
    summary: 'Lists delivery attempts, newest first.',
    description:
      'A page filtered by status may be short and go on. With Accept: text/csv as CSV, the next page in the Link ' +
      'header.',
    query: deliveryQuery,
    async handle(request, { runLists }) {
      const { query, projects } = request;
      const page = await listPage(query, (before, limit) => runLists.attempts(projects, query, before, limit));
      const shown = { ...page, data: page.data.map(presentAttempt) };
      return /(^|,)\s*text\/csv\b/i.test(request.header('accept'))
        ? csvAnswer(shown, request)
        : { status: 200, body: shown };
    },
  }),

  route(`GET ${PATH}/{id}`, {
    needs: 'read',
    summary: 'Shows a delivery attempt.',
    async handle({ params, projects }, { runLists }) {
      const id = params['id']!;
      assertId('att', id);
      const attempt = await findInProjects(projects, (project) => runLists.attempt(project.id, id));
      return { status: 200, body: presentAttempt(attempt) };
    },
  }),
];

export const CSV_COLUMNS = [
  ...([
    'id',
    'project_id',
    'task_id',
    'endpoint_id',
    'attempt',
    'status',
    'http_status',
    'latency_ms',
    'lateness_ms',
  ] as const),
  ...(['error_code', 'error_message', 'request_id', 'trace_id', 'started_at', 'finished_at', 'event_name'] as const),
  ...(['request_headers', 'response_headers', 'response_body'] as const),
];

function csvAnswer(page: Page<ShownAttempt>, request: RouteRequest<undefined, DeliveryQuery>): RouteAnswer {
  const rows = page.data.map((row) => ({ ...row, error_code: row.error?.code, error_message: row.error?.message }));
  const next = page.next_cursor === null ? {} : { link: `<${nextPath(page.next_cursor, request)}>; rel="next"` };
  return {
    status: 200,
    body: toCsv(CSV_COLUMNS, rows),
    headers: { 'content-type': 'text/csv; charset=utf-8', ...next },
  };
}

function nextPath(cursor: string, { query, named }: RouteRequest<undefined, DeliveryQuery>): string {
  const { page: _page, cursor: _cursor, ...filters } = query;
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries({ project_id: named, ...filters, cursor }))
    if (value !== undefined) search.set(name, String(value));
  return `${PATH}?${search}`;
}
