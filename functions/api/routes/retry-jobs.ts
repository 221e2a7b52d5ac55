import * as z from 'zod/mini';
import { NotFoundError } from '../../primitives/faults.js';
import { siblingId, timeOf } from '../../primitives/ids.js';
import { giveUpRetry, runRetryNow } from '../../protocol/runs/run-operations.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import { presentRetryJob, presentWholeRun } from '../../subjects/task-runs/present-task-run.js';
import { endpointFilter } from '../../subjects/task-runs/task-run-schema.js';
import { listAnswer, pageQuery } from '../http/pages.js';
import { type RouteRequest, route } from '../http/route.js';
import { assertId, type FoundTask, findTask } from '../requests/find.js';

const PATH = '/v1/retry-jobs';

export const routes = [
  route(`GET ${PATH}`, {
    needs: 'read',
    summary: 'Lists the next attempts of task runs that wait for a retry, newest run first.',
    query: z.strictObject({ ...pageQuery, ...endpointFilter }),
    async handle({ query, projects }, { runLists }) {
      const filter = { ...query, status: 'retry_scheduled' } as const;
      return listAnswer(query, presentRetryJob, async (before, limit) => {
        const { rows, ...end } = await runLists.runs(projects, filter, before, limit);
        return { rows: rows.map((run) => ({ ...run, id: siblingId('rj', run.id) })), ...end };
      });
    },
  }),

  route(`GET ${PATH}/{id}`, {
    needs: 'read',
    summary: 'Shows a retry job; it is gone once its attempt is made.',
    handle: async (request, ports) => ({ status: 200, body: presentRetryJob(await findRetryJob(request, ports)) }),
  }),

  route(`POST ${PATH}/{id}/run`, {
    needs: 'publish',
    summary: 'Makes the attempt now. Answers the task run.',
    async handle(request, ports) {
      const found = await findRetryJob(request, ports, wasClaimedSince);
      if (found.state.status === 'retry_scheduled') await runRetryNow(ports, found.definition, found.state);
      const { id } = found.definition;
      return { status: 202, location: `/v1/tasks/${id}`, body: presentWholeRun(await findTask(request, ports, id)) };
    },
  }),

  route(`DELETE ${PATH}/{id}`, {
    needs: 'publish',
    summary: 'Gives the retry up: its task run becomes a dead letter.',
    async handle(request, ports) {
      const { definition, state } = await findRetryJob(request, ports, wasGivenUpSince);
      await giveUpRetry(ports, definition, state);
      return { status: 204 };
    },
  }),
];

type Request = Pick<RouteRequest, 'projects' | 'params' | 'now'>;

/**
 * The run behind a retry job. `doneSince` tells a repeat under an Idempotency-Key that the first request has done its
 * work; both requests have the same `now`.
 * @throws NotFoundError when no retry is waiting
 */
async function findRetryJob(
  request: Request,
  ports: Pick<ApiPorts, 'deadLetters' | 'runs'>,
  doneSince: (found: FoundTask, now: number) => boolean = () => false,
): Promise<FoundTask> {
  const id = request.params['id']!;
  assertId('rj', id);
  const found = await findTask(request, ports, siblingId('run', id));
  const waits = found.state.status === 'retry_scheduled' && !found.expired;
  if (waits || doneSince(found, request.now)) return found;
  throw new NotFoundError('No such retry is waiting.');
}

/** A claim's nonce is an id that carries the moment of the claim. */
function wasClaimedSince({ state }: FoundTask, now: number): boolean {
  return state.nonce !== undefined && timeOf(state.nonce) >= now;
}

function wasGivenUpSince({ state }: FoundTask, now: number): boolean {
  return state.status === 'dead_letter' && state.reason === 'given_up' && (state.finished_at ?? 0) >= now;
}
