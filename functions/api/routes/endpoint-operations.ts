import { rotationSchema } from '../../fields/secret-schema.js';
import { ConflictError, NotFoundError } from '../../primitives/faults.js';
import { retired } from '../../primitives/signing-secrets.js';
import { createRun } from '../../protocol/runs/run-operations.js';
import { recoverSchema } from '../../subjects/bulk-jobs/bulk-schema.js';
import type { Endpoint } from '../../subjects/endpoints/endpoint.js';
import { presentEndpoint } from '../../subjects/endpoints/present-endpoint.js';
import { presentAttempt, presentWholeRun } from '../../subjects/task-runs/present-task-run.js';
import { route } from '../http/route.js';
import { takeRun } from '../http/take-quota.js';
import { startBulkJob } from '../requests/bulk-job.js';
import { awaitFirstAttempt, newRunId, sampleRun } from '../requests/create-task.js';
import { findEndpoint, findTask, ownerOf } from '../requests/find.js';
import { freshSecret } from '../requests/fresh-secret.js';
import { whileTesting } from '../requests/quotas.js';

const PATH = '/v1/endpoints/{id}';

export const routes = [
  route(`POST ${PATH}/rotate-secret`, {
    needs: 'manage',
    summary: 'Replaces the signing secret by one that is given or made.',
    description: 'The answer shows the new secret, this once. During the grace both sign.',
    body: rotationSchema,
    async handle(request, ports) {
      const { body, now } = request;
      const { id, project_id } = await findEndpoint(request, ports);
      const { secret, encrypted } = await freshSecret(ports, id, body.signing_secret);
      const graceUntil = now + body.grace_seconds * 1000;
      const changed = await ports.configStore.changeEndpoint(project_id, id, (current) => ({
        ...current,
        signing_secrets: [encrypted],
        retiring_secrets: retired(current.signing_secrets, current.retiring_secrets ?? [], graceUntil, now),
        updated_at: now,
      }));
      if (changed === undefined) throw new NotFoundError('There is no such endpoint any more.');
      return { status: 200, body: { ...presentEndpoint(changed), signing_secret: secret } };
    },
  }),

  route(`POST ${PATH}/test`, {
    needs: 'publish',
    summary: 'Sends a signed sample, and answers its delivery attempt.',
    description: 'Answers 202 with the task run if that takes over five seconds, and 429 while other tests wait.',
    async handle(request, ports) {
      const endpoint = await findEndpoint(request, ports);
      assertActive(endpoint, 'nothing is sent to it');
      const project = ownerOf(request, endpoint);
      const run = sampleRun(endpoint, newRunId(request, project), request.now, ports.keepMs);
      const attempt = await whileTesting(ports, project, run.id, async () => {
        await takeRun(ports, project, run.payload);
        await createRun(ports, run);
        return awaitFirstAttempt(ports, run);
      });
      if (attempt) return { status: 200, body: presentAttempt(attempt) };
      const found = await findTask(request, ports, run.id);
      return { status: 202, location: `/v1/tasks/${run.id}`, body: presentWholeRun(found) };
    },
  }),

  route(`POST ${PATH}/recover`, {
    needs: 'publish',
    summary: "Replays the endpoint's open dead letters that died since a moment.",
    description:
      'Works in the background; follow it at the address in Location. Asked again while it runs, it answers the same; ' +
      'after that, it takes up what is open then.',
    body: recoverSchema,
    async handle(request, ports) {
      const endpoint = await findEndpoint(request, ports);
      if (endpoint.status === 'disabled') assertActive(endpoint, 'its runs would only die again');
      return startBulkJob(ports, request, ownerOf(request, endpoint), {
        endpoint_id: endpoint.id,
        ...request.body,
      });
    },
  }),
];

/** @throws ConflictError */
function assertActive({ status }: Endpoint, why: string): void {
  if (status !== 'active')
    throw new ConflictError(`The endpoint is ${status}: ${why}. Set its status to active first.`);
}
