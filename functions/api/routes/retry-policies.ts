import { NotFoundError } from '../../primitives/faults.js';
import { isoTime } from '../../primitives/moments.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import { freeName } from '../../subjects/projects/names.js';
import type { ShownRetryPolicy } from '../../subjects/retry-policies/retry-policy-answers.js';
import {
  type NamedRetryPolicy,
  type NewRetryPolicy,
  newRetryPolicySchema,
  patchedRetryPolicy,
  retryPolicyOf,
  retryPolicyPatchSchema,
} from '../../subjects/retry-policies/retry-policy-schema.js';
import { listAnswer, newestOf, pageOnly } from '../http/pages.js';
import { type RouteAnswer, type RouteRequest, route } from '../http/route.js';
import { findInProjects } from '../requests/find.js';
import { assertUnused, LOOK_FOR } from '../requests/in-use.js';

const PATH = '/v1/retry-policies';

export const routes = [
  route(`POST ${PATH}`, {
    needs: 'manage',
    summary: 'Creates a retry policy; what is left out is as in the default policy.',
    body: newRetryPolicySchema,
    handle: (request, ports) => makeRetryPolicy(request, ports, request.newId('rp'), request.body),
  }),

  route(`GET ${PATH}`, {
    needs: 'read',
    summary: 'Lists retry policies, newest first.',
    query: pageOnly,
    handle: ({ query, projects }, { configStore }) =>
      listAnswer(query, presentPolicy, (before, limit) =>
        newestOf(projects, limit, ({ id }) => configStore.retryPolicies(id, before, limit)),
      ),
  }),

  route(`GET ${PATH}/{id}`, {
    needs: 'read',
    summary: 'Shows a retry policy.',
    handle: async (request, ports) => ({ status: 200, body: presentPolicy(await findPolicy(request, ports)) }),
  }),

  route(`PATCH ${PATH}/{id}`, {
    needs: 'manage',
    summary: 'Changes a retry policy (merge patch).',
    description: 'Runs that exist keep their number of attempts, but wait as it says then.',
    body: retryPolicyPatchSchema,
    async handle(request, { configStore }) {
      const { id, project_id } = await findPolicy(request, { configStore });
      const change = (current: NamedRetryPolicy) => patchedRetryPolicy(current, request.body, request.now);
      const changed = await configStore.changeRetryPolicy(project_id, id, change);
      if (changed === undefined) throw new NotFoundError('There is no such retry policy any more.');
      return { status: 200, body: presentPolicy(changed) };
    },
  }),

  route(`DELETE ${PATH}/{id}`, {
    needs: 'manage',
    summary: 'Deletes a retry policy that no endpoint and no schedule uses.',
    description: 'Task runs that named it go on with the default policy.',
    async handle(request, ports) {
      const { configStore, schedules } = ports;
      const policy = await findPolicy(request, ports);
      const { id, project_id } = policy;
      const endpoints = await configStore.endpoints(project_id, undefined, Infinity);
      const users = endpoints.filter(({ retry_policy_id }) => retry_policy_id === id).map((endpoint) => endpoint.id);
      assertUnused({
        Endpoints: users,
        Schedules: await schedules.naming(project_id, { field: 'retry_policy_id', id }, LOOK_FOR),
      });
      await freeName(ports, 'rp', policy);
      await configStore.deleteRetryPolicy(project_id, id);
      return { status: 204 };
    },
  }),
];

/** Creates the policy with this id; a repeat answers what stands. `key`: by which it can be put. */
export async function makeRetryPolicy(
  { project, now }: Pick<RouteRequest, 'now' | 'project'>,
  { configStore }: Pick<ApiPorts, 'configStore'>,
  id: string,
  { name, ...settings }: NewRetryPolicy,
  key?: string,
): Promise<RouteAnswer> {
  const identity = { id, project_id: project().id, name, ...(key !== undefined && { key }) };
  const policy = { ...identity, ...retryPolicyOf(settings), created_at: now, updated_at: now };
  const stands = await configStore.createRetryPolicy(policy);
  return { status: 201, location: `${PATH}/${stands.id}`, body: presentPolicy(stands) };
}

function findPolicy(
  { projects, params }: Pick<RouteRequest, 'projects' | 'params'>,
  { configStore }: Pick<ApiPorts, 'configStore'>,
): Promise<NamedRetryPolicy> {
  return findInProjects(projects, ({ id }) => configStore.retryPolicy(id, params['id']!));
}

export function presentPolicy(policy: NamedRetryPolicy): ShownRetryPolicy {
  const times = { created_at: isoTime(policy.created_at), updated_at: isoTime(policy.updated_at) };
  return { ...policy, retry_on_statuses: policy.retry_on_statuses ?? null, ...times };
}
