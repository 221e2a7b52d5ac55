import { ownId } from '../../../formats/formats.js';
import { defined } from '../../../primitives/defined.js';
import { ConflictError, InvalidRequestError, invalid } from '../../../primitives/faults.js';
import { cancelPendingRun } from '../../../protocol/runs/run-operations.js';
import type { Dialect } from '../../http/dialect.js';
import { PAYLOAD_BYTES } from '../../http/json-body.js';
import { type RouteRequest, route } from '../../http/route.js';
import { createTask, newRunId } from '../../requests/create-task.js';
import { attemptsOf, ownerOf } from '../../requests/find.js';
import { findJob, pageOfJobs } from './find-jobs.js';
import { jobSchema, listSchema, taskOf } from './job-schema.js';
import { dispatchError, ok, presentJob, presentRow, presentWholeJob } from './present.js';

const PREFIX = '/api/v1';
const PATH = `${PREFIX}/jobs`;
const ONLY_SCHEDULED = 'Only scheduled jobs can be cancelled';

const routes = [
  route(`POST ${PATH}`, {
    access: 'key',
    needs: 'publish',
    summary: 'Schedules a job (dispatch dialect).',
    description: 'A job is a task run that calls an inline target at one moment.',
    maxBodyBytes: PAYLOAD_BYTES,
    body: jobSchema,
    isUnaudited: true,
    async handle(request, ports) {
      const { fireAt } = request.body;
      if (fireAt <= request.now) throw invalid('/fireAt', 'Must be in the future.');
      const project = request.project();
      const id = newRunId(request, project);
      const { body, terms } = taskOf(request.body);
      const { now, via } = request;
      const run = await createTask(ports, project, id, body, now, { ...terms, ...defined({ via }) }).catch(inOurWords);
      return ok('Job scheduled successfully', presentJob(run), 201);
    },
  }),

  route(`DELETE ${PATH}/{id}`, {
    access: 'key',
    needs: 'publish',
    summary: 'Cancels a job that has not fired yet (dispatch dialect).',
    async handle(request, ports) {
      const { definition, expired } = await findJob(request, ports);
      if (expired) throw new ConflictError(ONLY_SCHEDULED);
      await cancelPendingRun(ports, definition, request.now).catch((error) => {
        throw error instanceof ConflictError ? new ConflictError(ONLY_SCHEDULED) : error;
      });
      return ok('Job cancelled successfully', null);
    },
  }),

  route(`GET ${PATH}`, {
    needs: 'read',
    summary: 'Lists jobs, newest first (dispatch dialect).',
    description: 'Totals are exact up to 10,000.',
    query: listSchema,
    async handle(request, ports) {
      const { status, page, limit } = request.query;
      const projects = projectsOf(request, request.query.projectId);
      const { total, jobs } = await pageOfJobs(ports, projects, status, [(page - 1) * limit, page * limit]);
      const rows = jobs.map((run) => presentRow(run, ownerOf({ projects }, run.definition)));
      const pagination = { total, page, limit, totalPages: Math.ceil(total / limit) };
      return ok('Jobs fetched successfully', { jobs: rows, pagination });
    },
  }),

  route(`GET ${PATH}/{id}`, {
    needs: 'read',
    summary: 'Shows a job with its delivery history, newest first (dispatch dialect).',
    async handle(request, ports) {
      const run = await findJob(request, ports);
      const project = ownerOf(request, run.definition);
      return ok('Job fetched successfully', presentWholeJob(run, project, await attemptsOf(run, ports)));
    },
  }),
];

export const dialect: Dialect = { name: 'dispatch', prefix: PREFIX, routes, error: dispatchError };

/** A filter: a project that does not exist, or is not the caller's, has no jobs. */
function projectsOf({ projects }: Pick<RouteRequest, 'projects'>, wanted: string | undefined) {
  return wanted === undefined ? projects : projects.filter(({ id }) => id === ownId('proj', wanted));
}

/** The core refuses a task that fits this dialect's schema for one reason alone: its time is too far ahead. */
function inOurWords(error: unknown): never {
  if (!(error instanceof InvalidRequestError)) throw error;
  throw invalid('/fireAt', error.faults.map(({ message }) => message).join(' '));
}
