import * as z from 'zod/mini';
import { ownId, shownId } from '../../../formats/formats.js';
import { NotFoundError } from '../../../primitives/faults.js';
import { makeId } from '../../../primitives/ids.js';
import { policyOfSender } from '../../../protocol/rules/policy-for.js';
import { deleteSchedule } from '../../../protocol/schedules/schedule-chain.js';
import type { ApiPorts } from '../../../runtime/api-ports.js';
import type { Schedule, ScheduleClock } from '../../../subjects/schedules/schedule.js';
import type { Dialect } from '../../http/dialect.js';
import { PAYLOAD_BYTES } from '../../http/json-body.js';
import { listPage, newestOf, pageQuery } from '../../http/pages.js';
import { type RouteRequest, route } from '../../http/route.js';
import { findSchedule, findStoredSchedule, keyOf } from '../../requests/find.js';
import { alterSchedule, makeSchedule, runScheduleNow } from '../../requests/schedule-requests.js';
import { isJob, type Job, jobPatchSchema, jobSchema } from './job-schema.js';
import { cronServiceError, ok, presentExecution, presentJob, presentStart, presentWholeJob } from './present.js';
import { changedSchedule, newSchedule } from './wanted-schedule.js';

const PREFIX = '/api/cron-service';
const PATH = `${PREFIX}/jobs`;
const DEFAULT_LIMIT = 20;

type Request = RouteRequest;

const routes = [
  route(`POST ${PATH}`, {
    needs: 'manage',
    summary: 'Creates a job: a schedule that calls an inline target (cron-service dialect).',
    maxBodyBytes: PAYLOAD_BYTES,
    body: jobSchema,
    async handle(request, ports) {
      const id = request.newId('sch');
      await makeSchedule(request, ports, id, await newSchedule(request.body, id, request.credential, ports));
      const { job, clock } = await findJob(request, ports, id);
      const shownJob = presentJob(job, clock);
      return ok(shownJob, 201, `${PATH}/${shownJob.jobId}`);
    },
  }),

  route(`GET ${PATH}`, {
    needs: 'read',
    summary: 'Lists jobs, newest first (cron-service dialect).',
    query: z.strictObject({ limit: pageQuery.page_size, cursor: pageQuery.cursor }),
    async handle(request, ports) {
      const { limit: page_size, cursor: shownCursor } = request.query;
      const cursor = shownCursor && ownId('sch', shownCursor);
      const page = await listPage({ page_size, cursor }, (before, limit) => newestJobs(request, ports, before, limit));
      const found = await Promise.all(page.data.map((job) => ports.schedules.find(keyOf(job))));
      const jobs = page.data.flatMap((job, index) => {
        const { clock } = found[index]!;
        return clock && clock.status !== 'deleted' ? presentJob(job, clock) : [];
      });
      return ok({ jobs, nextCursor: page.next_cursor && shownId('cron-service', page.next_cursor) });
    },
  }),

  route(`GET ${PATH}/{id}`, {
    needs: 'read',
    summary: 'Shows a job (cron-service dialect).',
    handle: async (request, ports) => ok(await shown(request, ports, request.params['id']!)),
  }),

  route(`PATCH ${PATH}/{id}`, {
    needs: 'manage',
    summary: 'Changes, pauses or resumes a job (cron-service dialect, merge patch).',
    maxBodyBytes: PAYLOAD_BYTES,
    body: jobPatchSchema,
    async handle(request, ports) {
      const id = request.params['id']!;
      await alterSchedule(request, ports, id, (found) => {
        const job = { ...found, schedule: asJob(found.schedule) };
        return changedSchedule(request.body, job, request.credential, ports);
      });
      return ok(await shown(request, ports, id));
    },
  }),

  route(`DELETE ${PATH}/{id}`, {
    needs: 'manage',
    summary: 'Deletes a job; its executions stay (cron-service dialect).',
    gone: ok(null),
    async handle(request, ports) {
      // The stored schedule, even deleted: a repeat finishes a deletion that died half-way.
      const { schedule } = await findStoredSchedule(request, ports, request.params['id']!);
      await deleteSchedule(ports, keyOf(asJob(schedule)));
      return ok(null);
    },
  }),

  route(`POST ${PATH}/{id}/run`, {
    needs: 'publish',
    summary: 'Runs a job now, also while it is paused (cron-service dialect).',
    async handle(request, ports) {
      const { job } = await findJob(request, ports, request.params['id']!);
      return ok(presentStart(await runScheduleNow(request, ports, job), {}), 202);
    },
  }),

  route(`GET ${PATH}/{id}/executions`, {
    needs: 'read',
    summary: 'Lists the executions of a job, newest first (cron-service dialect).',
    description: 'The manual ones are included.',
    query: z.strictObject({ limit: pageQuery.page_size }),
    async handle(request, ports) {
      const { job } = await findJob(request, ports, request.params['id']!);
      // A run exists seconds before its due moment; it is no execution before then.
      const before = makeId('run', ports.clock.now() + 1, Buffer.alloc(8));
      const limit = request.query.limit ?? DEFAULT_LIMIT;
      const { rows } = await ports.runLists.runs(request.projects, { schedule_id: job.id }, before, limit);
      return ok({ executions: rows.map(presentExecution) });
    },
  }),
];

export const dialect: Dialect = { name: 'cron-service', prefix: PREFIX, routes, error: cronServiceError };

/** @throws NotFoundError also for a schedule that is no job: a schedule with an endpoint, or for one moment */
async function findJob(
  request: Request,
  ports: Pick<ApiPorts, 'schedules'>,
  id: string,
): Promise<{ job: Job; clock: ScheduleClock }> {
  const { schedule, clock } = await findSchedule(request, ports, id);
  return { job: asJob(schedule), clock };
}

function asJob(schedule: Schedule): Job {
  if (isJob(schedule)) return schedule;
  throw new NotFoundError('There is no such job.');
}

async function shown(request: Request, ports: Pick<ApiPorts, 'config' | 'schedules'>, id: string) {
  const { job, clock } = await findJob(request, ports, id);
  return presentWholeJob(job, clock, await policyOfSender(ports.config, job));
}

async function newestJobs(
  { projects }: Request,
  { schedules }: Pick<ApiPorts, 'schedules'>,
  before: string | undefined,
  limit: number,
): Promise<Job[]> {
  const jobs: Job[] = [];
  for (let from = before; ; ) {
    const rows = await newestOf(projects, limit, ({ id }) => schedules.schedules(id, from, limit));
    jobs.push(...rows.filter(isJob));
    if (jobs.length >= limit || rows.length < limit) return jobs.slice(0, limit);
    from = rows.at(-1)!.id;
  }
}
