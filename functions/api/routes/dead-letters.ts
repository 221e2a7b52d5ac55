import * as z from 'zod/mini';
import { ConflictError } from '../../primitives/faults.js';
import { siblingId } from '../../primitives/ids.js';
import { mapBounded } from '../../primitives/map-bounded.js';
import { replayDeadLetter } from '../../protocol/runs/run-operations.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import {
  bulkReplaySchema,
  bulkResolveSchema,
  replayAllSchema,
  resolveSchema,
} from '../../subjects/bulk-jobs/bulk-schema.js';
import { presentBulkReplay } from '../../subjects/bulk-jobs/present-bulk-job.js';
import type { DeadLetter } from '../../subjects/dead-letters/dead-letter.js';
import { presentDeadLetter, presentWholeDeadLetter } from '../../subjects/dead-letters/present-dead-letter.js';
import { presentWholeRun } from '../../subjects/task-runs/present-task-run.js';
import { deadReasonSchema, deadStatusSchema, endpointFilter } from '../../subjects/task-runs/task-run-schema.js';
import { listPage, PARALLEL_PROJECTS, pageOnly, pageQuery } from '../http/pages.js';
import { type RouteAnswer, type RouteRequest, route } from '../http/route.js';
import { takeRun } from '../http/take-quota.js';
import { findBulkJob, startBulkJob, type WantedBulk } from '../requests/bulk-job.js';
import {
  assertEndpointExists,
  assertId,
  findInProjects,
  findTask,
  ownerOf,
  whichAreDeleted,
} from '../requests/find.js';

const PATH = '/v1/dead-letters';

export const routes = [
  route(`GET ${PATH}`, {
    needs: 'read',
    summary: 'Lists dead letters, the newest task run first, without payloads.',
    description: 'A filtered page may be short and go on.',
    query: z.strictObject({
      ...pageQuery,
      ...endpointFilter,
      reason: z.optional(deadReasonSchema),
      status: z.optional(deadStatusSchema),
    }),
    async handle({ query, projects }, ports) {
      const page = await listPage(query, (before, limit) => ports.deadLetterLists.list(projects, query, before, limit));
      const isDeleted = await whichAreDeleted(page.data, ports);
      return { status: 200, body: { ...page, data: page.data.map((row) => presentDeadLetter(row, isDeleted(row))) } };
    },
  }),

  route(`GET ${PATH}/{id}`, {
    needs: 'read',
    summary: 'Shows a dead letter with its payload and its last delivery attempt.',
    handle: async (request, ports) => ({ status: 200, body: await shown(await findLetter(request, ports), ports) }),
  }),

  route(`POST ${PATH}/{id}/replay`, {
    needs: 'publish',
    summary: 'Replays an open dead letter, and answers its task run.',
    description: 'The same task run goes on, its budget of attempts anew.',
    async handle(request, ports) {
      const letter = await findLetter(request, ports);
      const project = ownerOf(request, letter);
      if (letter.status === 'open') await takeRun(ports, project, undefined);
      // The new id marks this request: a repeat under its Idempotency-Key finds its own replay and finishes it.
      await replayDeadLetter(ports, letter, request.newId('bulk'));
      const run = await findTask(request, ports, letter.run.id);
      return { status: 202, location: `/v1/tasks/${letter.run.id}`, body: presentWholeRun(run) };
    },
  }),

  route(`POST ${PATH}/{id}/resolve`, {
    needs: 'publish',
    summary: 'Closes an open dead letter with a note; it will not be replayed.',
    body: resolveSchema,
    async handle(request, ports) {
      const { now, body } = request;
      const letter = await findLetter(request, ports);
      if (letter.status === 'open') await ports.deadLetters.markResolved(letter, now, body.note);
      const current = await findLetter(request, ports);
      const isOurs = current.status === 'resolved' && current.updated_at === now && current.note === body.note;
      if (!isOurs) throw new ConflictError(`The dead letter is ${current.status}.`);
      return { status: 200, body: await shown(current, ports) };
    },
  }),

  route(`POST ${PATH}/replay`, {
    needs: 'publish',
    summary: 'Replays all open dead letters that fit, or up to 100 by their ids.',
    description:
      'Works in the background; follow it at the address in Location. While one with the same filter runs, that one is ' +
      'answered. With dry_run it only counts them.',
    body: bulkReplaySchema,
    handle: (request, ports) => startBulk(request, ports, request.body),
  }),

  route(`POST ${PATH}/resolve`, {
    needs: 'publish',
    summary: 'Resolves all open dead letters that fit, or up to 100 by their ids.',
    description: 'As …/replay, with a note that says why.',
    body: bulkResolveSchema,
    handle: (request, ports) => startBulk(request, ports, { ...request.body, action: 'resolve' }),
  }),

  route(`POST ${PATH}/replay-all`, {
    access: 'person',
    needs: 'administer',
    summary: 'Replays all open dead letters that fit, in all projects: after an outage.',
    description:
      'Begins a bulk replay in each project that has such dead letters, for a page of projects, and answers these bulk ' +
      'replays. Go on with `cursor` until `next_cursor` is null. A repeat answers those that run. The quota of bulk ' +
      'replays does not hold here.',
    query: pageOnly,
    body: replayAllSchema,
    async handle({ query, body, newId, now }, ports) {
      const page = await listPage(query, (before, limit) => ports.configStore.projects(before, limit));
      const begun = page.data.map((project) => ({ project, id: newId('bulk') }));
      const jobs = await mapBounded(begun, PARALLEL_PROJECTS, async ({ project, id }) => {
        const filter = { ...body, status: 'open' } as const;
        const { rows, end } = await ports.deadLetterLists.list([project], filter, undefined, 1);
        if (rows.length === 0 && end === undefined) return undefined;
        return startBulkJob(ports, { newId: () => id, now }, project, body, Number.POSITIVE_INFINITY);
      });
      return { status: 200, body: { ...page, data: jobs.flatMap((job) => job?.body ?? []) } };
    },
  }),

  route(`GET ${PATH}/replays/{id}`, {
    needs: 'read',
    summary: 'Shows how far a bulk replay has come.',
    handle: async (request, ports) => ({
      status: 200,
      body: presentBulkReplay(await findBulkJob(request, ports, ({ action }) => action === undefined)),
    }),
  }),
];

async function startBulk(request: RouteRequest, ports: ApiPorts, wanted: WantedBulk): Promise<RouteAnswer> {
  const project = request.project();
  await assertEndpointExists(ports, project.id, wanted.endpoint_id);
  return startBulkJob(ports, request, project, wanted);
}

async function shown(letter: DeadLetter, ports: Pick<ApiPorts, 'configStore'>) {
  const isDeleted = await whichAreDeleted([letter], ports);
  return presentWholeDeadLetter(letter, isDeleted(letter));
}

type Request = Pick<RouteRequest, 'projects' | 'params'>;

async function findLetter(
  { projects, params }: Request,
  { deadLetters }: Pick<ApiPorts, 'deadLetters'>,
): Promise<DeadLetter> {
  const id = params['id']!;
  assertId('dl', id);
  return findInProjects(projects, (project) => deadLetters.find({ project: project.id, run: siblingId('run', id) }));
}
