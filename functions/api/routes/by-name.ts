import { keySchema } from '../../fields/name-schema.js';
import { defined } from '../../primitives/defined.js';
import { InvalidRequestError } from '../../primitives/faults.js';
import { deleteSchedule } from '../../protocol/schedules/schedule-chain.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import { endpointPatchSchema, endpointPutSchema, type NewEndpoint } from '../../subjects/endpoints/endpoint-schema.js';
import type { NamedKind, ObjectName } from '../../subjects/projects/names.js';
import { retryPolicyPatchSchema, retryPolicyPutSchema } from '../../subjects/retry-policies/retry-policy-schema.js';
import { type ScheduleBody, schedulePatchSchema, schedulePutSchema } from '../../subjects/schedules/schedule-schema.js';
import { PAYLOAD_BYTES } from '../http/json-body.js';
import { type Route, type RouteAnswer, type RouteRequest, route } from '../http/route.js';
import { findInProjects } from '../requests/find.js';
import { putByName } from '../requests/put-by-name.js';
import { routes as endpoints, makeEndpoint } from './endpoints.js';
import { makeRetryPolicy, routes as retryPolicies } from './retry-policies.js';
import { createdSchedule, routes as schedules } from './schedules.js';

/** The checked body of a PUT. */
interface Put {
  readonly name?: string | undefined;
  readonly status?: string | undefined;
  readonly signing_secret?: string | undefined;
}
type Request = RouteRequest<Put>;

/** Objects that can be put by a name. What is done with an object by its id, its own routes do. */
interface Named {
  readonly kind: NamedKind;
  readonly path: string;
  readonly noun: string;
  readonly own: readonly Route[];
  readonly body: NonNullable<Route['body']>;
  /** Names of the fields that can be changed. */
  readonly changeable: (ports: Pick<ApiPorts, 'settings'>) => readonly string[];
  readonly isThere: (ports: ApiPorts, project: string, id: string) => Promise<boolean>;
  readonly make: (request: Request, ports: ApiPorts, id: string, body: never, key: string) => Promise<RouteAnswer>;
}

/** Of a new object whose request leaves it out. */
const ACTIVE = { status: 'active' } as const;

const NAMED: readonly Named[] = [
  {
    kind: 'ep',
    path: '/v1/endpoints',
    noun: 'an endpoint',
    own: endpoints,
    body: endpointPutSchema,
    changeable: ({ settings }) => Object.keys(endpointPatchSchema(settings).shape),
    isThere: async ({ config }, project, id) => (await config.endpoint(project, id)) !== undefined,
    make: (request, ports, id, body: NewEndpoint, key) => makeEndpoint(request, ports, id, { ...ACTIVE, ...body }, key),
  },
  {
    kind: 'rp',
    path: '/v1/retry-policies',
    noun: 'a retry policy',
    own: retryPolicies,
    body: retryPolicyPutSchema,
    changeable: () => Object.keys(retryPolicyPatchSchema.shape),
    isThere: async ({ config }, project, id) => (await config.retryPolicy(project, id)) !== undefined,
    make: makeRetryPolicy,
  },
  {
    kind: 'sch',
    path: '/v1/schedules',
    noun: 'a schedule',
    own: schedules,
    body: schedulePutSchema,
    changeable: ({ settings }) => Object.keys(schedulePatchSchema(settings).shape),
    async isThere(ports, project, schedule) {
      const { schedule: found, clock } = await ports.schedules.find({ project, schedule });
      // A deletion that died half-way: the schedule is made anew when it is over.
      if (clock?.status === 'deleted') await deleteSchedule(ports, { project, schedule });
      return found !== undefined && clock !== undefined && clock.status !== 'deleted';
    },
    make: (request, ports, id, body: ScheduleBody, key) =>
      createdSchedule(request, ports, id, { body: { ...ACTIVE, ...body }, key }),
  },
];

export const routes: readonly Route[] = NAMED.flatMap((named) => {
  const { path, noun, kind, body } = named;
  const place = `${path}/by-name/{name}`;
  return [
    route<Put>(`PUT ${place}`, {
      needs: 'manage',
      summary: `Makes or replaces ${noun} by your own name for it, its key.`,
      description:
        'The same request can be sent again and again. A field that is left out has its default, except for `name` (the ' +
        'key) and `status` (what it is).',
      maxBodyBytes: PAYLOAD_BYTES,
      body: body as NonNullable<Route<Put>['body']>,
      handle: (request, ports) => put(named, request, ports),
    }),
    route(`GET ${place}`, {
      needs: 'read',
      summary: `Shows ${noun} by its key.`,
      handle: (request, ports) => byId(named, 'GET', request, ports),
    }),
    route(`DELETE ${place}`, {
      needs: 'manage',
      summary: `Deletes ${noun} by its key, which is free then.`,
      handle: (request, ports) => byId(named, 'DELETE', request, ports),
    }),
  ];

  async function byId(
    { own }: Named,
    method: 'GET' | 'DELETE',
    request: RouteRequest,
    ports: ApiPorts,
  ): Promise<RouteAnswer> {
    const name = keyOf(request);
    const id = await findInProjects(request.projects, ({ id: project }) => ports.names.find({ project, kind, name }));
    return ownRoute(own, method).handle({ ...request, params: { id } }, ports);
  }
});

async function put(named: Named, request: Request, ports: ApiPorts): Promise<RouteAnswer> {
  const project = request.project();
  const key = keyOf(request);
  const name: ObjectName = { project: project.id, kind: named.kind, name: key };
  const wanted = request.newId(named.kind);
  const of = (id: string, body?: object) => ({ ...request, projects: [project], params: { id }, body });
  const given = { ...request.body, name: request.body.name ?? key };
  const { made, replaced } = await putByName(ports.names, name, wanted, {
    isThere: (id) => named.isThere(ports, project.id, id),
    make: (id) => named.make(request, ports, id, defined(given) as never, key),
    replace: (id) => ownRoute(named.own, 'PATCH').handle(of(id, patchOf(named, ports, given)), ports),
    remove: (id) => ownRoute(named.own, 'DELETE').handle(of(id), ports),
  });
  // A secret is shown by the answer alone that makes it.
  const body = { ...(made?.body as object), ...(replaced?.body as object) };
  return made ? { ...made, body } : { status: 200, body };
}

/** The merge patch that replaces all that can be changed. The signing secret has an operation of its own. */
function patchOf({ changeable }: Named, ports: ApiPorts, { signing_secret: _secret, ...given }: Put): object {
  const { name, status, ...defaults } = Object.fromEntries(changeable(ports).map((field) => [field, null]));
  return { ...defaults, ...defined(given) };
}

function ownRoute(own: readonly Route[], method: Route['method']): Route {
  return own.find((each) => each.method === method && each.path.endsWith('/{id}'))!;
}

/** @throws InvalidRequestError for a name that no object can have */
function keyOf({ params }: Pick<Request, 'params'>): string {
  const key = keySchema.safeParse(params['name']);
  if (key.success) return key.data;
  throw new InvalidRequestError(key.error.issues.map(({ message }) => ({ pointer: 'name', message })));
}
