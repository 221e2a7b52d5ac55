import * as z from 'zod';
import { totalDelayMs } from '../../core/endpoint/retry-policy.js';
import { ConflictError, NotFoundError } from '../../core/faults.js';
import { hexOf } from '../../core/ids.js';
import type { ScheduleKey } from '../../core/ports.js';
import { createRun } from '../../core/run/run-operations.js';
import { runStatusSchema } from '../../core/run/task-queries.js';
import { pendingState, type RunDefinition } from '../../core/run/task-run.js';
import { scheduledRun } from '../../core/schedule/fire-plan.js';
import { executingRun } from '../../core/schedule/overlap.js';
import { planSchedule } from '../../core/schedule/plan-schedule.js';
import type { Schedule, ScheduleClock } from '../../core/schedule/schedule.js';
import {
  changeSchedule,
  createSchedule,
  deleteSchedule,
  policyOfSchedule,
} from '../../core/schedule/schedule-chain.js';
import {
  givenSchedule,
  mergePatch,
  type ScheduleBody,
  schedulePatchSchema,
  scheduleSchema,
} from '../../core/schedule/schedule-schema.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import { newRunId } from '../create-task.js';
import { findIn } from '../find-in.js';
import { assertId } from '../find-task.js';
import { listPage, newestOf, pageOnly, pageQuery } from '../pages.js';
import { presentRun, presentWholeRun } from '../present/present-run.js';
import { presentSchedule, presentWholeSchedule } from '../present/present-schedule.js';
import { type RouteRequest, route } from '../route.js';
import { stretch } from '../stretch.js';
import { validate } from '../validate.js';

const PATH = '/v1/schedules';
/** Somebody else changes the same schedule at the same moment; more often than this it is no coincidence. */
const TRIES = 5;

type Request = Pick<RouteRequest<unknown, unknown>, 'projects' | 'params'>;
interface Found {
  readonly schedule: Schedule;
  readonly clock: ScheduleClock;
}

const createOne = route({
  method: 'POST',
  path: PATH,
  access: 'project',
  summary: 'Creates a schedule: a cron expression in a time zone, or one moment.',
  body: scheduleSchema,
  async handle({ body, project, newId, now }, ports) {
    const { id: project_id, shards } = project();
    const id = newId('sch');
    const schedule = await planSchedule(ports.config, { id, project: project_id, body, created_at: now, now });
    const shard = Number.parseInt(hexOf(id).slice(-8), 16) % shards;
    await createSchedule(ports, schedule, body.status, shard);
    return { status: 201, location: `${PATH}/${id}`, body: await shown(ports, { project: project_id, schedule: id }) };
  },
});

export const routes = [
  createOne,

  route({
    method: 'GET',
    path: PATH,
    access: 'project',
    summary: 'Lists schedules, newest first, without payloads.',
    query: pageOnly,
    async handle({ query, projects }, { schedules }) {
      const page = await listPage(query, (before, limit) =>
        newestOf(projects, limit, ({ id }) => schedules.schedules(id, before, limit)),
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

  route({
    method: 'GET',
    path: `${PATH}/{id}`,
    access: 'project',
    summary: 'Shows a schedule with its payload, its next occurrences and its last run.',
    async handle(request, ports) {
      const { schedule } = await findSchedule(request, ports);
      return { status: 200, body: await shown(ports, keyOf(schedule)) };
    },
  }),

  route({
    method: 'PATCH',
    path: `${PATH}/{id}`,
    access: 'project',
    summary: 'Changes, pauses or resumes a schedule (merge patch). What was due from the old one is not run any more.',
    body: schedulePatchSchema,
    async handle(request, ports) {
      for (let tries = 1; ; tries += 1) {
        const { schedule, clock } = await findSchedule(request, ports);
        const merged = mergePatch(givenSchedule(schedule, clock.status), request.body);
        const body = validate(createOne, { value: merged, faults: [] }, {}, ports.settings).body as ScheduleBody;
        const { id, project_id: project, created_at } = schedule;
        const changed = await planSchedule(ports.config, { id, project, body, created_at, now: request.now });
        try {
          await changeSchedule(ports, changed, clock, body.status);
          return { status: 200, body: await shown(ports, keyOf(schedule)) };
        } catch (error) {
          if (!(error instanceof ConflictError) || tries === TRIES) throw error;
        }
      }
    },
  }),

  route({
    method: 'DELETE',
    path: `${PATH}/{id}`,
    access: 'project',
    summary: 'Deletes a schedule; its runs stay.',
    async handle(request, ports) {
      const { schedule } = await findStored(request, ports); // a deletion that died half-way is finished
      await deleteSchedule(ports, keyOf(schedule));
      return { status: 204 };
    },
  }),

  route({
    method: 'POST',
    path: `${PATH}/{id}/run`,
    access: 'project',
    summary: 'Makes a run now, also while the schedule is paused; 409 where its overlap policy would skip it.',
    async handle(request, ports) {
      const { schedule } = await findSchedule(request, ports);
      const project = request.projects.find(({ id }) => id === schedule.project_id)!;
      const policy = await policyOfSchedule(ports, schedule);
      const definition = {
        ...scheduledRun(schedule, policy),
        id: newRunId(request, project),
        source: { type: 'manual', id: schedule.id },
        due: request.now,
        created_at: request.now,
        expires_at: request.now + totalDelayMs(policy) + ports.settings.keepMs,
      } as const;
      if (schedule.overlap_policy === 'skip') await assertIdle(ports, definition);
      await createRun(ports, definition);
      const body = presentWholeRun({ definition, state: pendingState(definition) });
      return { status: 202, location: `/v1/tasks/${definition.id}`, body };
    },
  }),

  route({
    method: 'GET',
    path: `${PATH}/{id}/runs`,
    access: 'project',
    summary: 'Lists the task runs of a schedule, newest first, the manual ones included.',
    query: z.strictObject({ ...pageQuery, status: runStatusSchema.optional() }),
    async handle(request, ports) {
      const { schedule } = await findSchedule(request, ports);
      const filter = { status: request.query.status, schedule_id: schedule.id };
      const page = await listPage(request.query, (before, limit) =>
        stretch(ports.runLists.runs(request.projects, filter, before, limit)),
      );
      return { status: 200, body: { ...page, data: page.data.map(presentRun) } };
    },
  }),
];

/**
 * Whoever asks for a run should hear at once that the overlap policy would skip it; whoever repeats the request, not.
 * @throws ConflictError
 */
async function assertIdle(ports: ApiPorts, { id, project_id: project, source }: RunDefinition): Promise<void> {
  const holder = await executingRun(ports, { project, schedule: source.id! });
  if (holder === undefined || holder === id) return;
  if ((await ports.runs.find({ project, run: id })).definition !== undefined) return;
  throw new ConflictError(`${holder} of this schedule is executing, and its overlap policy is skip.`);
}

async function findSchedule(request: Request, ports: ApiPorts): Promise<Found> {
  const found = await findStored(request, ports);
  if (found.clock.status === 'deleted') throw new NotFoundError('There is no such schedule any more.');
  return found;
}

function findStored({ projects, params }: Request, { schedules }: ApiPorts): Promise<Found> {
  const id = params['id']!;
  assertId('sch', id);
  return findIn(projects, async (project) => {
    const { schedule, clock } = await schedules.find({ project: project.id, schedule: id });
    return schedule && clock && { schedule, clock };
  });
}

async function shown(ports: ApiPorts, key: ScheduleKey) {
  const { schedule, clock } = await ports.schedules.find(key);
  if (schedule === undefined || clock === undefined) throw new NotFoundError('There is no such schedule any more.');
  const project = await ports.config.project(key.project);
  const { rows } = await ports.runLists.runs([project!], { schedule_id: key.schedule }, undefined, 1);
  return presentWholeSchedule(schedule, clock, rows[0]);
}

function keyOf({ id, project_id }: Schedule): ScheduleKey {
  return { project: project_id, schedule: id };
}
