import { randomBytes } from 'node:crypto';
import { newWebhookSecret } from '../../core/call/signature.js';
import type { Endpoint } from '../../core/endpoint/endpoint.js';
import { endpointPatchSchema, newEndpointSchema, patchedEndpoint } from '../../core/endpoint/endpoint-schema.js';
import { InvalidRequestError, NotFoundError } from '../../core/faults.js';
import { isoTime } from '../../core/moments.js';
import { createKeyring, open, seal } from '../../core/sealed.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import { findIn } from '../find-in.js';
import { listPage, newestOf, pageOnly } from '../pages.js';
import { type RouteRequest, route } from '../route.js';

const PATH = '/v1/endpoints';

export const routes = [
  route({
    method: 'POST',
    path: PATH,
    access: 'project',
    summary: 'Creates an endpoint. Its signing secret, given or generated, is shown this once.',
    body: newEndpointSchema,
    async handle({ body, project, newId, now }, ports) {
      const { signing_secret = newWebhookSecret(randomBytes), retry_policy_id, event_filters, ...plain } = body;
      const { id: project_id } = project();
      await assertPolicyExists(ports, project_id, retry_policy_id);
      const keyring = createKeyring(await ports.secrets.master());
      const id = newId('ep');
      const stands = await ports.configStore.createEndpoint({
        id,
        project_id,
        ...plain,
        ...(retry_policy_id !== undefined && { retry_policy_id }),
        ...(event_filters && { event_filters }),
        signing_secrets: [seal(keyring, signing_secret, id)],
        created_at: now,
        updated_at: now,
      });
      const shown = { ...presentEndpoint(stands), signing_secret: open(keyring, stands.signing_secrets[0]!, id) };
      return { status: 201, location: `${PATH}/${id}`, body: shown };
    },
  }),

  route({
    method: 'GET',
    path: PATH,
    access: 'project',
    summary: 'Lists endpoints, newest first.',
    query: pageOnly,
    async handle({ query, projects }, { configStore }) {
      const page = await listPage(query, (before, limit) =>
        newestOf(projects, limit, ({ id }) => configStore.endpoints(id, before, limit)),
      );
      return { status: 200, body: { ...page, data: page.data.map(presentEndpoint) } };
    },
  }),

  route({
    method: 'GET',
    path: `${PATH}/{id}`,
    access: 'project',
    summary: 'Shows an endpoint.',
    handle: async (request, ports) => ({ status: 200, body: presentEndpoint(await findEndpoint(request, ports)) }),
  }),

  route({
    method: 'PATCH',
    path: `${PATH}/{id}`,
    access: 'project',
    summary: 'Changes an endpoint (merge patch). What is due from now on goes where it says then, retries included.',
    body: endpointPatchSchema,
    async handle(request, ports) {
      const { body, now } = request;
      const { id, project_id } = await findEndpoint(request, ports);
      await assertPolicyExists(ports, project_id, body.retry_policy_id ?? undefined);
      const change = (current: Endpoint) => patchedEndpoint(current, body, now);
      const changed = await ports.configStore.changeEndpoint(project_id, id, change);
      if (changed === undefined) throw new NotFoundError('There is no such endpoint any more.');
      return { status: 200, body: presentEndpoint(changed) };
    },
  }),

  route({
    method: 'DELETE',
    path: `${PATH}/{id}`,
    access: 'project',
    summary: 'Deletes an endpoint. Task runs that still wait for it become dead letters when they are due.',
    async handle(request, ports) {
      const { id, project_id } = await findEndpoint(request, ports);
      await ports.configStore.deleteEndpoint(project_id, id);
      return { status: 204 };
    },
  }),
];

type AnyRequest = RouteRequest<unknown, unknown>;

function findEndpoint(
  { projects, params }: Pick<AnyRequest, 'projects' | 'params'>,
  { configStore }: ApiPorts,
): Promise<Endpoint> {
  return findIn(projects, ({ id }) => configStore.endpoint(id, params['id']!));
}

async function assertPolicyExists({ configStore }: ApiPorts, project: string, id: string | undefined): Promise<void> {
  if (id === undefined || (await configStore.retryPolicy(project, id))) return;
  throw new InvalidRequestError([
    { pointer: '/retry_policy_id', message: 'There is no such retry policy in this project.' },
  ]);
}

function presentEndpoint({ signing_secrets: _secrets, ...endpoint }: Endpoint) {
  return {
    ...endpoint,
    retry_policy_id: endpoint.retry_policy_id ?? null,
    event_filters: endpoint.event_filters ?? [],
    disabled_reason: endpoint.disabled_reason ?? null,
    created_at: isoTime(endpoint.created_at),
    updated_at: isoTime(endpoint.updated_at),
  };
}
