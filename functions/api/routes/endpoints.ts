import * as z from 'zod/mini';
import { assertNoneHidden, encrypted } from '../../destinations/secret-values.js';
import { nameSchema } from '../../fields/name-schema.js';
import { defined } from '../../primitives/defined.js';
import { invalid, NotFoundError } from '../../primitives/faults.js';
import { changeEndpoint, deleteEndpoint } from '../../protocol/limits/change-endpoint.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import { keyOfEndpoint, withStatus } from '../../subjects/endpoints/endpoint.js';
import {
  type EndpointPatch,
  endpointPatchSchema,
  type NewEndpoint,
  newEndpointSchema,
  patchedEndpoint,
} from '../../subjects/endpoints/endpoint-schema.js';
import { presentEndpoint } from '../../subjects/endpoints/present-endpoint.js';
import { untilHeard } from '../../subjects/events/listening.js';
import { freeName } from '../../subjects/projects/names.js';
import { fitting, listAnswer, newestOf, pageQuery } from '../http/pages.js';
import { type RouteAnswer, type RouteRequest, route } from '../http/route.js';
import { findEndpoint, ownerOf } from '../requests/find.js';
import { freshSecret } from '../requests/fresh-secret.js';
import { assertUnused, LOOK_FOR } from '../requests/in-use.js';
import { assertRoom } from '../requests/quotas.js';
import { assertReachable } from '../requests/reachable.js';

const PATH = '/v1/endpoints';

export const routes = [
  route(`POST ${PATH}`, {
    needs: 'manage',
    summary: 'Creates an endpoint. Its signing secret, given or generated, is shown this once.',
    body: newEndpointSchema,
    handle: (request, ports) => makeEndpoint(request, ports, request.newId('ep'), request.body),
  }),

  route(`GET ${PATH}`, {
    needs: 'read',
    summary: 'Lists endpoints, newest first.',
    description: 'A page filtered by name may be short and go on.',
    query: z.strictObject({ ...pageQuery, name: z.optional(nameSchema) }),
    handle: ({ query, projects }, { configStore }) =>
      listAnswer(query, presentEndpoint, (before, wanted) =>
        fitting(
          wanted,
          (limit) => newestOf(projects, limit, ({ id }) => configStore.endpoints(id, before, limit)),
          query.name === undefined ? undefined : ({ name }) => name === query.name,
        ),
      ),
  }),

  route(`GET ${PATH}/{id}`, {
    needs: 'read',
    summary: 'Shows an endpoint.',
    handle: async (request, ports) => ({ status: 200, body: presentEndpoint(await findEndpoint(request, ports)) }),
  }),

  route(`PATCH ${PATH}/{id}`, {
    needs: 'manage',
    summary: 'Changes, pauses, resumes or disables an endpoint (merge patch).',
    description:
      'What is due from now on goes where it says then, retries included; what waits for its pause or its limits ' +
      'goes on with the change.',
    body: endpointPatchSchema,
    async handle(request, ports) {
      const { body, now } = request;
      const endpoint = await findEndpoint(request, ports);
      const isOther = body.retry_policy_id !== endpoint.retry_policy_id;
      if (isOther) await assertPolicyExists(ports, endpoint.project_id, body.retry_policy_id ?? undefined);
      const asked: EndpointPatch = body;
      const { headers } = await encrypted({ ...endpoint, headers: asked.headers ?? {} }, ports.secrets, endpoint.id);
      const patch = asked.headers ? { ...asked, headers } : asked;
      const owner = ownerOf(request, endpoint);
      const changed = await changeEndpoint(ports, keyOfEndpoint(endpoint), (current) => {
        const wanted = patchedEndpoint(current, patch, now);
        if (asked.arn !== undefined) assertReachable(ports, owner, wanted, '');
        return assertNoneHidden(wanted);
      });
      if (changed === undefined) throw new NotFoundError('There is no such endpoint any more.');
      await untilHeard(ports.clock, body.event_filters, endpoint);
      return { status: 200, body: presentEndpoint(changed) };
    },
  }),

  route(`DELETE ${PATH}/{id}`, {
    needs: 'manage',
    summary: 'Deletes an endpoint that no schedule uses.',
    description: 'Task runs that still wait for it become dead letters when they are due.',
    async handle(request, ports) {
      const endpoint = await findEndpoint(request, ports);
      const { project_id, id } = endpoint;
      assertUnused({
        Schedules: await ports.schedules.naming(project_id, { field: 'endpoint_id', id }, LOOK_FOR),
      });
      await freeName(ports, 'ep', endpoint);
      await deleteEndpoint(ports, endpoint);
      return { status: 204 };
    },
  }),
];

async function assertPolicyExists(
  { configStore }: Pick<ApiPorts, 'configStore'>,
  project: string,
  id: string | undefined,
): Promise<void> {
  if (id === undefined || (await configStore.retryPolicy(project, id))) return;
  throw invalid('/retry_policy_id', 'There is no such retry policy in this project.');
}

/** Creates the endpoint with this id; a repeat answers what stands. `key`: by which it can be put. */
export async function makeEndpoint(
  request: Pick<RouteRequest, 'now' | 'project'>,
  ports: ApiPorts,
  id: string,
  body: NewEndpoint,
  key?: string,
): Promise<RouteAnswer> {
  const { now } = request;
  const { signing_secret, status, ...plain } = body;
  const owner = request.project();
  const project_id = owner.id;
  await assertPolicyExists(ports, project_id, plain.retry_policy_id);
  await assertRoom(ports, owner, 'endpoints', async () => (await ports.config.endpoint(project_id, id)) !== undefined);
  const created = {
    id,
    project_id,
    ...defined({ key, ...plain }),
    status: 'active',
    signing_secrets: [(await freshSecret(ports, id, signing_secret)).encrypted],
    created_at: now,
    updated_at: now,
  } as const;
  assertReachable(ports, owner, created, '');
  const stored = await encrypted(assertNoneHidden(withStatus(created, status, now)), ports.secrets, id);
  const stands = await ports.configStore.createEndpoint(stored);
  await untilHeard(ports.clock, plain.event_filters);
  const shown = {
    ...presentEndpoint(stands),
    signing_secret: await ports.secrets.decrypt(stands.signing_secrets[0]!, id),
  };
  return { status: 201, location: `${PATH}/${id}`, body: shown };
}
