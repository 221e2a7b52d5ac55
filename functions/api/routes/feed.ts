import * as z from 'zod/mini';
import { soughtName } from '../../fields/event-name-schema.js';
import { hasLabels, labelFilter } from '../../fields/labels-schema.js';
import { firstId } from '../../primitives/ids.js';
import { toJson } from '../../primitives/json-text.js';
import { type Change, type FeedLook, LATE_MS, lookAtFeed } from '../../subjects/feed/feed.js';
import type { FeedLine } from '../../subjects/feed/feed-answers.js';
import { cursorOf, placeOf } from '../../subjects/feed/feed-cursor.js';
import { presentAttempt, presentRun } from '../../subjects/task-runs/present-task-run.js';
import type { RunDefinition } from '../../subjects/task-runs/task-run.js';
import {
  attemptStatusSchema,
  endpointFilter,
  runStatusSchema,
  taskFilter,
} from '../../subjects/task-runs/task-run-schema.js';
import { wholeNumber } from '../http/pages.js';
import { queryMoment } from '../http/query-moment.js';
import { route } from '../http/route.js';
import { lookUntil, MAX_WAIT_SECONDS } from '../requests/await-end.js';

/** Runs of one page: a run has one line, and a few of attempts, of up to some 10 KB each. */
const PAGE = 50;

const feedQuery = z
  .strictObject({
    cursor: z.optional(
      z.string().check(z.refine((text) => placeOf(text) !== undefined, 'Must be the cursor of an earlier page.')),
    ),
    since: z.optional(queryMoment),
    wait_seconds: z.optional(wholeNumber(MAX_WAIT_SECONDS)),
    type: z.optional(z.enum(['task_run', 'delivery_attempt'])),
    status: z.optional(z.enum([...runStatusSchema.options, ...attemptStatusSchema.options])),
    ...endpointFilter,
    ...taskFilter,
    event_name: z.optional(soughtName),
    ...labelFilter,
  })
  .check(
    z.refine(({ cursor, since }) => cursor === undefined || since === undefined, {
      path: ['since'],
      message: 'Give either cursor or since.',
    }),
  );
type FeedQuery = z.infer<typeof feedQuery>;

export const routes = [
  route('GET /v1/feed', {
    needs: 'read',
    summary: "Tells a project's task runs and delivery attempts as they change.",
    description:
      'One object on each line; the last line, of type `page`, has the cursor of the next page. A task run comes as it is ' +
      'now, once for each look in which it has changed. A request that is sent again may bring lines again: drop what has ' +
      'the id and version of an earlier line. While five requests of the project wait, a further one is answered at once.',
    query: feedQuery,
    async handle(request, ports) {
      const { query, requestId } = request;
      const project = request.project();
      const look = (place: FeedLook['place']) =>
        lookAtFeed(ports.runLists, project, place, ports.clock.now(), PAGE, (run) => fits(run, query));
      const first = firstId('run', query.since ?? request.now - LATE_MS);
      let seen = await look((query.cursor && placeOf(query.cursor)) || { after: first, known: new Map() });
      let lines = linesOf(seen, query);
      const isSeen = () => seen.more || lines.length > 0;
      if (query.wait_seconds && !isSeen())
        await lookUntil(ports, project.id, requestId, query.wait_seconds * 1000, async () => {
          seen = await look(seen.place);
          lines = linesOf(seen, query);
          return isSeen();
        });
      const end: FeedLine = { type: 'page', data: { cursor: cursorOf(seen.place), more: seen.more } };
      return {
        status: 200,
        body: [...lines, end].map((line) => `${toJson(line)}\n`).join(''),
        headers: { 'content-type': 'application/x-ndjson; charset=utf-8' },
      };
    },
  }),
];

function fits(run: RunDefinition, { endpoint_id, task_id, event_name, label }: FeedQuery): boolean {
  return (
    (endpoint_id ?? run.endpoint_id) === run.endpoint_id &&
    (task_id ?? run.id) === run.id &&
    (event_name ?? run.event?.name) === run.event?.name &&
    hasLabels(run.labels, label)
  );
}

function linesOf({ changes }: FeedLook, { type, status }: FeedQuery): FeedLine[] {
  return changes
    .flatMap(allLinesOf)
    .filter((line) => (type ?? line.type) === line.type && (status ?? line.data.status) === line.data.status);
}

function allLinesOf({ run, isChanged, attempts }: Change) {
  const { version } = run.state;
  return [
    ...attempts.map((attempt) => ({ type: 'delivery_attempt' as const, data: presentAttempt(attempt) })),
    ...(isChanged ? [{ type: 'task_run' as const, version, data: presentRun(run) }] : []),
  ];
}
