import * as z from 'zod/mini';
import { hasLabels, labelFilter } from '../../fields/labels-schema.js';
import { nameSchema } from '../../fields/name-schema.js';
import { NotFoundError } from '../../primitives/faults.js';
import type { ScheduleKey } from '../../protocol/rules/ports.js';
import { deleteSchedule } from '../../protocol/schedules/schedule-chain.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import { freeName } from '../../subjects/projects/names.js';
import { bodyOfSchedule, patchedSchedule } from '../../subjects/schedules/patched-schedule.js';
import { termsOf } from '../../subjects/schedules/plan-schedule.js';
import { presentSchedule, presentWholeSchedule } from '../../subjects/schedules/present-schedule.js';
import type { Schedule } from '../../subjects/schedules/schedule.js';
import {
  backfillSchema,
  type ScheduleBody,
  schedulePatchSchema,
  scheduleSchema,
} from '../../subjects/schedules/schedule-schema.js';
import { presentRun, presentWholeRun } from '../../subjects/task-runs/present-task-run.js';
import { pendingState } from '../../subjects/task-runs/task-run.js';
import { runStatusSchema } from '../../subjects/task-runs/task-run-schema.js';
import { PAYLOAD_BYTES } from '../http/json-body.js';
import { fitting, listAnswer, listPage, newestOf, pageQuery } from '../http/pages.js';
import { type RouteAnswer, type RouteRequest, route } from '../http/route.js';
import { backfillSchedule } from '../requests/backfill-schedule.js';
import { findSchedule, findStoredSchedule, keyOf } from '../requests/find.js';
import { alterSchedule, makeSchedule, runScheduleNow, type WantedSchedule } from '../requests/schedule-requests.js';

const PATH = '/v1/schedules';

export const routes = [
  route(`POST ${PATH}`, {
    needs: 'manage',
    summary: 'Creates a schedule: a cron expression in a time zone, or one moment.',
    maxBodyBytes: PAYLOAD_BYTES,
    body: scheduleSchema,
    handle: (request, ports) => createdSchedule(request, ports, request.newId('sch'), { body: request.body }),
  }),

  route(`GET ${PATH}`, {
    needs: 'read',
    summary: 'Lists schedules, newest first, without payloads.',
    description: 'A page filtered by name or label may be short and go on.',
    query: z.strictObject({ ...pageQuery, name: z.optional(nameSchema), ...labelFilter }),
    async handle({ query, projects }, { schedules }) {
      const { name, label } = query;
      const isFiltered = name !== undefined || label !== undefined;
      const fits = (one: Schedule) => (name ?? one.name) === one.name && hasLabels(one.labels, label);
      const page = await listPage(query, (before, wanted) =>
        fitting(
          wanted,
          (limit) => newestOf(projects, limit, ({ id }) => schedules.schedules(id, before, limit)),
          isFiltered ? fits : undefined,
        ),
      );
      const found = await Promise.all(
        page.data.map(({ id, project_id }) => schedules.find({ project: project_id, schedule: id })),
      );
      const data = found.flatMap(({ schedule, clock }) =>
        schedule && clock && clock.status !== 'deleted' ? presentSchedule(schedule, clock) : [],
      );
      return { status: 200, body: { ...page, data } };
    },
  }),

  route(`GET ${PATH}/{id}`, {
    needs: 'read',
    summary: 'Shows a schedule with its payload, its next occurrences and its last run.',
    async handle(request, ports) {
      const { schedule } = await findSchedule(request, ports, request.params['id']!);
      return { status: 200, body: await shown(ports, keyOf(schedule)) };
    },
  }),

  route(`PATCH ${PATH}/{id}`, {
    needs: 'manage',
    summary: 'Changes, pauses or resumes a schedule (merge patch).',
    description:
      'Holds from the next call on; what was due before still runs. Only what the request names is checked. Payload and ' +
      'headers are replaced whole.',
    maxBodyBytes: PAYLOAD_BYTES,
    body: schedulePatchSchema,
    async handle(request, ports) {
      const changed = await alterSchedule(request, ports, request.params['id']!, ({ schedule, clock }) => {
        const body = patchedSchedule(bodyOfSchedule(schedule, clock.status), request.body);
        return { body, terms: termsAfter(schedule, body), activates: request.body.status === 'active' };
      });
      return { status: 200, body: await shown(ports, keyOf(changed)) };
    },
  }),

  route(`DELETE ${PATH}/{id}`, {
    needs: 'manage',
    summary: 'Deletes a schedule; its runs stay.',
    async handle(request, ports) {
      // The stored schedule, even deleted: a repeat finishes a deletion that died half-way.
      const { schedule } = await findStoredSchedule(request, ports, request.params['id']!);
      await freeName(ports, 'sch', schedule);
      await deleteSchedule(ports, keyOf(schedule));
      return { status: 204 };
    },
  }),

  route(`POST ${PATH}/{id}/run`, {
    needs: 'publish',
    summary: 'Makes a run now, also while the schedule is paused.',
    description: 'Answers 409 where its overlap policy would skip it.',
    async handle(request, ports) {
      const { schedule } = await findSchedule(request, ports, request.params['id']!);
      const definition = await runScheduleNow(request, ports, schedule);
      const body = presentWholeRun({ definition, state: pendingState(definition) });
      return { status: 202, location: `/v1/tasks/${definition.id}`, body };
    },
  }),

  route(`POST ${PATH}/{id}/backfill`, {
    needs: 'publish',
    summary: 'Makes the runs of past occurrences that have none.',
    description:
      'Looks at the 100 oldest occurrences of the span. Each has one run at most, however often it is asked for. The ' +
      'runs are due at once, and their overlap policy does not hold.',
    body: backfillSchema,
    async handle(request, ports) {
      const found = await findSchedule(request, ports, request.params['id']!);
      return { status: 200, body: await backfillSchedule(request, ports, found) };
    },
  }),

  route(`GET ${PATH}/{id}/runs`, {
    needs: 'read',
    summary: 'Lists the task runs of a schedule, newest first, the manual ones included.',
    query: z.strictObject({ ...pageQuery, status: z.optional(runStatusSchema) }),
    async handle(request, ports) {
      const { schedule } = await findSchedule(request, ports, request.params['id']!);
      const filter = { status: request.query.status, schedule_id: schedule.id };
      return listAnswer(request.query, presentRun, (before, limit) =>
        ports.runLists.runs(request.projects, filter, before, limit),
      );
    },
  }),
];

/** Creates the schedule with this id, and answers it. */
export async function createdSchedule(
  request: RouteRequest,
  ports: ApiPorts,
  id: string,
  wanted: WantedSchedule,
): Promise<RouteAnswer> {
  await makeSchedule(request, ports, id, wanted);
  const body = await shown(ports, { project: request.project().id, schedule: id });
  return { status: 201, location: `${PATH}/${id}`, body };
}

/** A retry policy by value, which a dialect gave, ends when a change names a retry policy. */
function termsAfter(schedule: Schedule, { retry_policy_id }: ScheduleBody) {
  const { retry_policy, ...terms } = termsOf(schedule);
  return { ...terms, ...(retry_policy && retry_policy_id === undefined && { retry_policy }) };
}

async function shown(ports: Pick<ApiPorts, 'config' | 'runLists' | 'schedules'>, key: ScheduleKey) {
  const { schedule, clock } = await ports.schedules.find(key);
  if (schedule === undefined || clock === undefined) throw new NotFoundError('There is no such schedule any more.');
  const project = await ports.config.project(key.project);
  const { rows } = await ports.runLists.runs([project!], { schedule_id: key.schedule }, undefined, 1);
  return presentWholeSchedule(schedule, clock, rows[0]);
}
