import * as z from 'zod/mini';
import { labelTexts } from '../../fields/labels-schema.js';
import { defined } from '../../primitives/defined.js';
import { ConflictError } from '../../primitives/faults.js';
import { mapBounded } from '../../primitives/map-bounded.js';
import { rememberConfig } from '../../protocol/rules/config-reads.js';
import { redactRun } from '../../protocol/runs/redact-run.js';
import { cancelRun } from '../../protocol/runs/run-operations.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import { bulkCancelSchema } from '../../subjects/bulk-jobs/bulk-schema.js';
import type { Project } from '../../subjects/projects/project.js';
import type { RunTerms } from '../../subjects/task-runs/plan-run.js';
import { presentRun, presentRunWithAttempts, presentWholeRun } from '../../subjects/task-runs/present-task-run.js';
import { isFinal, pendingState } from '../../subjects/task-runs/task-run.js';
import {
  idempotencyKeySchema,
  resendSchema,
  runFilter,
  type TaskBody,
  taskSchema,
} from '../../subjects/task-runs/task-run-schema.js';
import { answerBatch } from '../http/answer-batch.js';
import { BATCH_BYTES, PAYLOAD_BYTES } from '../http/json-body.js';
import { listAnswer, PARALLEL_PROJECTS, pageQuery, wholeNumber } from '../http/pages.js';
import { queryMoment } from '../http/query-moment.js';
import { type RouteAnswer, type RouteRequest, route } from '../http/route.js';
import { validate } from '../http/validate.js';
import { awaitEnd, MAX_WAIT_SECONDS } from '../requests/await-end.js';
import { startBulkJob } from '../requests/bulk-job.js';
import { createTask, newRunId } from '../requests/create-task.js';
import { assertEndpointExists, attemptsOf, findTask } from '../requests/find.js';
import { madeUnderKey } from '../requests/made-under-key.js';
import { resendTask } from '../requests/resend-task.js';

const PATH = '/v1/tasks';
const MAX_BATCH = 100;

export const createOne = route(`POST ${PATH}`, {
  needs: 'publish',
  summary: 'Creates a task run.',
  description: 'A task run is one call to an endpoint or an inline target, now or at a given time.',
  maxBodyBytes: PAYLOAD_BYTES,
  body: taskSchema,
  isUnaudited: true,
  async handle(request, ports) {
    const project = request.project();
    const id = newRunId(request, project);
    const { body, now, sentAt } = request;
    const run = await createTask(remembering(ports), project, id, body, now, termsOf(request), sentAt);
    return { status: 201, location: `${PATH}/${id}`, body: presentWholeRun(run) };
  },
});

const createBatch = route(`POST ${PATH}/batch`, {
  needs: 'publish',
  summary: 'Creates up to 100 task runs, each on its own.',
  description:
    'Answers one result each, in order, with the run (without payload) or its error. When an entry failed with a ' +
    '5xx, send the batch again under its Idempotency-Key: what was created stays as it is.',
  maxBodyBytes: BATCH_BYTES,
  body: z.strictObject({ tasks: z.array(z.unknown()).check(z.minLength(1), z.maxLength(MAX_BATCH)) }),
  isUnaudited: true,
  async handle(request, batchPorts) {
    const ports = remembering(batchPorts);
    const project = request.project();
    // Ids are drawn before any step can fail, so that each position has the same id in a repeat.
    const ids = request.body.tasks.map(() => newRunId(request, project));
    return answerBatch(request.body.tasks, request.requestId, async (entry, index) => {
      const { body } = validate(createOne, { value: entry, faults: [] }, {}, ports.settings);
      const run = await createTask(ports, project, ids[index]!, body as TaskBody, request.now, termsOf(request));
      return { status: 201, task: presentRun(run) };
    });
  },
});

export const routes = [
  createOne,
  createBatch,

  route(`GET ${PATH}`, {
    needs: 'read',
    summary: 'Lists task runs, newest first, without payloads.',
    description:
      'A page filtered by status may be short and go on. `since` and `until` ask for when runs were created; for a ' +
      'schedule, for when they are due.',
    query: z.strictObject({
      ...pageQuery,
      ...runFilter,
      idempotency_key: z.optional(idempotencyKeySchema),
      since: z.optional(queryMoment),
      until: z.optional(queryMoment),
    }),
    async handle({ query, projects }, ports) {
      const { idempotency_key: key, ...filter } = query;
      const madeIn = (project: Project) => madeUnderKey(ports, project, 'tasks', key!);
      const ids = key === undefined ? undefined : (await mapBounded(projects, PARALLEL_PROJECTS, madeIn)).flat();
      return listAnswer(query, presentRun, (before, limit) =>
        ports.runLists.runs(projects, { ...filter, ids }, before, limit),
      );
    },
  }),

  route(`GET ${PATH}/{id}`, {
    needs: 'read',
    summary: 'Shows a task run with its payload and its delivery attempts, oldest first.',
    handle: (request, ports) => shownWithAttempts(request, ports),
  }),

  route(`GET ${PATH}/{id}/wait`, {
    needs: 'read',
    summary: 'Waits some seconds for the end of a task run, and shows the run.',
    description:
      'Look at its status: the time may be up before, and while five requests of the project wait, a further one is ' +
      'answered at once. Ask again after a second.',
    query: z.strictObject({ timeout_seconds: z.optional(wholeNumber(MAX_WAIT_SECONDS)) }),
    async handle(request, ports) {
      const { timeout_seconds = MAX_WAIT_SECONDS } = request.query;
      const { definition, state } = await findTask(request, ports, request.params['id']!);
      if (!isFinal(state.status)) await awaitEnd(ports, definition, request.requestId, timeout_seconds * 1000);
      return shownWithAttempts(request, ports);
    },
  }),

  route(`POST ${PATH}/{id}/cancel`, {
    needs: 'publish',
    summary: 'Cancels a task run that waits.',
    description: 'A call on its way is broken off within about a second.',
    async handle(request, ports) {
      const id = request.params['id']!;
      const { definition, state, expired } = await findTask(request, ports, id);
      if (expired) throw new ConflictError(`The task run is ${state.status}; it cannot be cancelled any more.`);
      await cancelRun(ports, definition);
      return { status: 200, body: presentWholeRun(await findTask(request, ports, id)) };
    },
  }),

  route(`POST ${PATH}/cancel`, {
    needs: 'publish',
    summary: 'Cancels all task runs that have not ended and fit, or up to 100 by ids.',
    description:
      'Works in the background; follow it at the address in Location. While one with the same filter runs, that one is ' +
      'answered. With dry_run it only counts them. It goes through all kept runs of the endpoint, schedule or label: ' +
      'give since where you can.',
    body: bulkCancelSchema,
    async handle(request, ports) {
      const { labels, ...wanted } = request.body;
      const project = request.project();
      await assertEndpointExists(ports, project.id, wanted.endpoint_id);
      const label = labels && labelTexts(labels);
      return startBulkJob(ports, request, project, { ...wanted, label, action: 'cancel' });
    },
  }),

  route(`POST ${PATH}/{id}/resend`, {
    needs: 'publish',
    summary: 'Sends the content of an ended task run again, as a new task run.',
    description:
      'With the payload, the endpoint or inline target, and the number of attempts of the ended run, except for what the ' +
      'body changes. The ended run stays as it is, and so does its dead letter. A run of a schedule becomes a manual one.',
    maxBodyBytes: PAYLOAD_BYTES,
    body: resendSchema,
    async handle(request, ports) {
      const definition = await resendTask(request, ports, await findTask(request, ports, request.params['id']!));
      const body = presentWholeRun({ definition, state: pendingState(definition) });
      return { status: 201, location: `${PATH}/${definition.id}`, body };
    },
  }),

  route(`POST ${PATH}/{id}/redact`, {
    needs: 'manage',
    summary: 'Removes payload, headers and answers of an ended task run for good.',
    description:
      'Of the run, its attempts and its dead letter only the outcome stays. Possible six minutes after the end, and not ' +
      'while its dead letter is open. The payload of an event stays with the event.',
    async handle(request, ports) {
      const { definition, state } = await findTask(request, ports, request.params['id']!);
      await redactRun(ports, { project: definition.project_id, run: definition.id }, state);
      return shownWithAttempts(request, ports);
    },
  }),
];

async function shownWithAttempts(
  request: Pick<RouteRequest, 'params' | 'projects'>,
  ports: Pick<ApiPorts, 'deadLetters' | 'runs'>,
): Promise<RouteAnswer> {
  const run = await findTask(request, ports, request.params['id']!);
  return { status: 200, body: presentRunWithAttempts(run, await attemptsOf(run, ports)) };
}

function termsOf({ trace, via }: Pick<RouteRequest, 'trace' | 'via'>): RunTerms {
  return defined({ trace, via });
}

/** Reads each endpoint and policy once for all entries of a batch, for the checks and for the choice of the lane. */
function remembering(ports: ApiPorts): ApiPorts {
  return { ...ports, config: rememberConfig(ports.intakeConfig ?? ports.config) };
}
