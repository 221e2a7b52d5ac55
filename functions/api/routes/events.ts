import * as z from 'zod/mini';
import { defined } from '../../primitives/defined.js';
import { NotFoundError } from '../../primitives/faults.js';
import { isId } from '../../primitives/ids.js';
import { publish } from '../../protocol/messages/publish.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import { eventExpiresAt, type PublishedEvent, payloadOf, type StoredEvent } from '../../subjects/events/event.js';
import { type EventBody, eventFilterQuery, eventSchema } from '../../subjects/events/event-schema.js';
import {
  presentEvent,
  presentEventWithRuns,
  presentWholeEvent,
  type RunsOfEvent,
} from '../../subjects/events/present-event.js';
import type { Project } from '../../subjects/projects/project.js';
import type { RunStatus } from '../../subjects/task-runs/task-run.js';
import type { ListedRun, RunLists } from '../../subjects/task-runs/task-run-lists.js';
import { answerBatch } from '../http/answer-batch.js';
import { BATCH_BYTES, PAYLOAD_BYTES } from '../http/json-body.js';
import { listAnswer, pageQuery } from '../http/pages.js';
import { type RouteRequest, route } from '../http/route.js';
import { takeRun } from '../http/take-quota.js';
import { validate } from '../http/validate.js';
import { newShardedId } from '../requests/create-task.js';
import { findInProjects } from '../requests/find.js';

/** Most runs that are shown with their event; the list of task runs has all of them. */
const SHOWN = 100;
const PAGE_SIZE = 500;

/** The runs of an event: all runs counted by status, the newest shown. */
export async function runsOfEvent(lists: RunLists, project: Project, event_id: string): Promise<RunsOfEvent> {
  const counts: Partial<Record<RunStatus, number>> = {};
  const newest: ListedRun[] = [];
  let before: string | undefined;
  let total = 0;
  do {
    const { rows, end } = await lists.runs([project], { event_id }, before, PAGE_SIZE);
    for (const { state } of rows) counts[state.status] = (counts[state.status] ?? 0) + 1;
    newest.push(...rows.slice(0, SHOWN - newest.length));
    total += rows.length;
    before = end;
  } while (before !== undefined);
  return { counts, newest, next_cursor: total > SHOWN ? newest.at(-1)!.id : null };
}

const PATH = '/v1/events';
const MAX_BATCH = 100;

type Request<Body> = RouteRequest<Body>;

export const publishOne = route(`POST ${PATH}`, {
  needs: 'publish',
  summary: 'Publishes an event.',
  description: 'Every endpoint whose event_filters match its name gets one task run.',
  maxBodyBytes: PAYLOAD_BYTES,
  body: eventSchema,
  isUnaudited: true,
  async handle(request, ports) {
    const project = request.project();
    const id = newShardedId('evt', request, project);
    const event = await publishAs(id, request.body, request, project, ports);
    return { status: 202, location: `${PATH}/${id}`, body: presentWholeEvent({ event, pages: [] }) };
  },
});

const publishBatch = route(`POST ${PATH}/batch`, {
  needs: 'publish',
  summary: 'Publishes up to 100 events, each on its own.',
  description:
    'Answers one result each, in order, with the event (without payload) or its error. When an entry failed with a ' +
    '5xx, send the batch again under its Idempotency-Key: what was published stays as it is.',
  maxBodyBytes: BATCH_BYTES,
  body: z.strictObject({ events: z.array(z.unknown()).check(z.minLength(1), z.maxLength(MAX_BATCH)) }),
  isUnaudited: true,
  async handle(request, ports) {
    const project = request.project();
    // Ids are drawn before any step can fail, so that each position has the same id in a repeat.
    const ids = request.body.events.map(() => newShardedId('evt', request, project));
    return answerBatch(request.body.events, request.requestId, async (entry, index) => {
      const { body } = validate(publishOne, { value: entry, faults: [] }, {}, ports.settings);
      const event = await publishAs(ids[index]!, body as EventBody, request, project, ports);
      return { status: 202, event: presentEvent({ event, pages: [] }) };
    });
  },
});

export const routes = [
  publishOne,
  publishBatch,

  route(`GET ${PATH}`, {
    needs: 'read',
    summary: 'Lists events, newest first, without payloads.',
    description: 'A page filtered by name may be short and go on.',
    query: z.strictObject({ ...pageQuery, ...eventFilterQuery }),
    handle: ({ query, projects }, { eventLists }) =>
      listAnswer(query, presentEvent, (before, limit) => eventLists.events(projects, query, before, limit)),
  }),

  route(`GET ${PATH}/{id}`, {
    needs: 'read',
    summary: 'Shows an event with its payload and the task runs that it made.',
    description:
      'It is `completed` once each endpoint that listens has its task run. `task_counts` counts them by status, `tasks` holds the 100 newest. GET /v1/tasks?event_id=… lists them all, ' +
      'and goes on at cursor=<tasks_cursor>.',
    async handle(request, ports) {
      const { project, stored } = await findEvent(request, ports);
      const payload = await payloadOf(ports.events, stored);
      const whole = { ...stored, event: { ...stored.event, ...(payload && { payload }) } };
      const runs = await runsOfEvent(ports.runLists, project, stored.event.id);
      return { status: 200, body: presentEventWithRuns(whole, runs) };
    },
  }),
];

async function publishAs(
  id: string,
  { event_name, event_key, labels, payload }: EventBody,
  { now, trace, via }: Pick<Request<unknown>, 'now' | 'trace' | 'via'>,
  project: Project,
  ports: Pick<ApiPorts, 'clock' | 'events' | 'keepMs' | 'settings' | 'takeQuota' | 'wakeUps'>,
): Promise<PublishedEvent> {
  await takeRun(ports, project, payload);
  const event: PublishedEvent = {
    id,
    project_id: project.id,
    event_name,
    ...defined({ event_key, labels, payload, trace, via }),
    created_at: now,
    expires_at: eventExpiresAt(now, ports.keepMs),
  };
  await publish(ports, event);
  return event;
}

/** Also finds a job notification: no list shows notifications, but their runs name them. @throws NotFoundError */
function findEvent(
  { projects, params }: Pick<Request<unknown>, 'projects' | 'params'>,
  { events }: Pick<ApiPorts, 'events'>,
): Promise<{ readonly project: Project; readonly stored: StoredEvent }> {
  const id = params['id']!;
  if (!isId('evt', id) && !isId('ntf', id)) throw new NotFoundError('There is no such object.');
  return findInProjects(projects, async (project) => {
    const stored = await events.find(project.id, id);
    return stored && { project, stored };
  });
}
