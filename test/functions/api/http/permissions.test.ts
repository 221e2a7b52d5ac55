import { projectsOf } from '../../../../functions/api/http/permitted.js';
import { ForbiddenError, problemOf } from '../../../../functions/api/http/problem.js';
import type { Credential, Person, RouteRequest } from '../../../../functions/api/http/route.js';
import { createApi } from '../../../../functions/api/http/serve.js';
import { routes } from '../../../../functions/api/routes/routes.js';
import type { ApiPorts } from '../../../../functions/runtime/api-ports.js';
import type { Permission, Roles, Scope } from '../../../../functions/subjects/projects/permissions.js';
import type { ApiKey, Project } from '../../../../functions/subjects/projects/project.js';
import { anEvent } from '../../../support/api-under-test.js';

let credential: Credential;
jest.mock('../../../../functions/api/http/authenticate.js', () => ({
  authenticate: async () => credential,
  noteUse: async () => {},
}));

/** What each row of the API needs; a row that is not here fails the test. */
const NEEDS: Readonly<Record<Permission | 'nothing', readonly string[]>> = {
  nothing: [
    ...['GET /v1/healthz', 'GET /llms.txt', 'GET /openapi.json', 'GET /docs'],
    ...['POST /v1/sessions', 'GET /v1/sessions', 'GET /v1/sessions/{id}', 'DELETE /v1/sessions/{id}'],
    ...['DELETE /v1/sessions', 'POST /v1/sessions/link'],
    ...['GET /v1/sign-in', 'POST /v1/sign-in', 'GET /v1/sign-in/callback'],
  ],
  read: [
    ...['GET /v1/projects', 'GET /v1/projects/{id}', 'GET /v1/stats', 'GET /v1/usage'],
    ...['GET /v1/endpoints', 'GET /v1/endpoints/{id}', 'GET /v1/retry-policies', 'GET /v1/retry-policies/{id}'],
    ...['GET /v1/tasks', 'GET /v1/tasks/{id}', 'GET /v1/events', 'GET /v1/events/{id}'],
    ...['GET /v1/deliveries', 'GET /v1/deliveries/{id}', 'GET /v1/retry-jobs', 'GET /v1/retry-jobs/{id}'],
    ...[
      'GET /v1/dead-letters',
      'GET /v1/dead-letters/{id}',
      'GET /v1/dead-letters/replays/{id}',
      'GET /v1/bulk-jobs/{id}',
      'GET /v1/search',
      'GET /v1/feed',
      'GET /v1/tasks/{id}/wait',
    ],
    ...['endpoints', 'retry-policies', 'schedules'].map((kind) => `GET /v1/${kind}/by-name/{name}`),
    ...['GET /v1/schedules', 'GET /v1/schedules/{id}', 'GET /v1/schedules/{id}/runs', 'POST /v1/schedules/preview'],
    ...['GET /api/cron-service/jobs', 'GET /api/cron-service/jobs/{id}', 'GET /api/cron-service/jobs/{id}/executions'],
    ...['GET /api/v1/jobs', 'GET /api/v1/jobs/{id}'],
  ],
  publish: [
    ...['POST /v1/tasks', 'POST /v1/tasks/batch', 'POST /v1/tasks/{id}/cancel', 'POST /v1/tasks/{id}/resend'],
    ...['POST /v1/events', 'POST /v1/events/batch'],
    ...['POST /v1/endpoints/{id}/test', 'POST /v1/endpoints/{id}/recover'],
    ...['POST /v1/retry-jobs/{id}/run', 'DELETE /v1/retry-jobs/{id}'],
    ...['POST /v1/dead-letters/{id}/replay', 'POST /v1/dead-letters/{id}/resolve', 'POST /v1/dead-letters/replay'],
    ...['POST /v1/dead-letters/resolve', 'POST /v1/tasks/cancel'],
    ...['POST /v1/schedules/{id}/run', 'POST /v1/schedules/{id}/backfill', 'POST /api/cron-service/jobs/{id}/run'],
    ...['POST /api/v1/jobs', 'DELETE /api/v1/jobs/{id}'],
  ],
  manage: [
    ...['endpoints', 'retry-policies', 'schedules'].flatMap((kind) =>
      ['PUT', 'DELETE'].map((method) => `${method} /v1/${kind}/by-name/{name}`),
    ),
    ...['POST /v1/endpoints', 'PATCH /v1/endpoints/{id}', 'DELETE /v1/endpoints/{id}'],
    ...['POST /v1/endpoints/{id}/rotate-secret', 'POST /v1/tasks/{id}/redact'],
    ...['POST /v1/listeners', 'GET /v1/listeners', 'GET /v1/listeners/{id}', 'DELETE /v1/listeners/{id}'],
    ...['GET /v1/listeners/{id}/requests', 'POST /v1/listeners/{id}/requests/{request_id}/answer'],
    ...['POST /v1/retry-policies', 'PATCH /v1/retry-policies/{id}', 'DELETE /v1/retry-policies/{id}'],
    ...['POST /v1/schedules', 'PATCH /v1/schedules/{id}', 'DELETE /v1/schedules/{id}'],
    ...['POST /api/cron-service/jobs', 'PATCH /api/cron-service/jobs/{id}', 'DELETE /api/cron-service/jobs/{id}'],
  ],
  audit: ['GET /v1/audit'],
  administer: [
    ...['POST /v1/projects', 'PATCH /v1/projects/{id}', 'DELETE /v1/projects/{id}'],
    ...['POST /v1/projects/{id}/rotate-secret', 'POST /v1/projects/{id}/keys', 'GET /v1/projects/{id}/keys'],
    ...['DELETE /v1/projects/{id}/keys/{key_id}', 'GET /v1/projects/{id}/export'],
    ...['POST /v1/projects/{id}/portal', 'POST /v1/dead-letters/replay-all', 'GET /v1/alarms'],
  ],
};

const MAY: Readonly<Record<'viewer' | 'member' | 'admin', readonly (Permission | 'nothing')[]>> = {
  viewer: ['read'],
  member: ['read', 'publish', 'manage'],
  admin: ['read', 'publish', 'manage', 'audit', 'administer'],
};
const SCOPES: readonly Scope[] = ['read', 'publish', 'manage', 'audit'];

const THIS = 'proj_this';
const OTHER = 'proj_other';
const projects = [THIS, OTHER].map((id) => ({ id }) as Project);
const noProject = 'proj_none';

const person = (roles: Roles): Person => ({ kind: 'person', session: 's', name: 'A. Person', roles });
const key = (project: string, scopes?: readonly Scope[]): Credential => ({
  kind: 'key',
  key: { id: 'ak_1', label: 'a key', ...(scopes && { scopes }) } as ApiKey,
  project: { id: project } as Project,
});

let seen: RouteRequest | undefined;
const ports = {
  clock: { now: () => 0 },
  settings: { quotas: {} },
  takeQuota: async () => ({ isWithin: true }),
  auditTrail: { put: async () => {}, putResult: async () => {} },
  configStore: {
    liveProject: async (id: string) => projects.find((project) => project.id === id),
    projects: async () => projects,
  },
} as unknown as ApiPorts;

/** Every row as it is, but for what it takes and does. */
const api = createApi(
  routes.map(({ body: _body, query: _query, ...row }) => ({
    ...row,
    handle: async (request) => {
      seen = request as RouteRequest;
      return { status: 200 as const };
    },
  })),
  ports,
);

const rows = routes.map((route) => ({ ...route, row: `${route.method} ${route.path}` }));
type Row = (typeof rows)[number];

/** Calls the row about the project, as it can be named there. */
async function told(row: Row, by: Credential, project?: string): Promise<{ status: number; detail?: string }> {
  credential = by;
  seen = undefined;
  const path = row.path.replace('/v1/projects/{id}', `/v1/projects/${project}`).replace(/\{\w+\}/g, 'x');
  const isNamed = project !== undefined && (row.access === 'project' || row.access === 'key');
  try {
    const { status } = await api(anEvent(row.method, isNamed ? `${path}?project_id=${project}` : path));
    return { status };
  } catch (error) {
    const { status, detail } = problemOf(error);
    if (error instanceof ForbiddenError && row.access !== 'key') expect(detail).toContain(`"${row.needs}"`);
    return { status, detail };
  }
}

const needsOf = ({ row }: Row): Permission | 'nothing' =>
  (Object.keys(NEEDS) as (keyof typeof NEEDS)[]).find((name) => NEEDS[name].includes(row))!;
const subsets = Array.from({ length: 2 ** SCOPES.length }, (_, bits) => ({
  scopes: SCOPES.filter((_, place) => (bits >> place) % 2 === 1),
}));

test('the table has each row of the API once, with what the row says', () => {
  expect(Object.values(NEEDS).flat().sort()).toEqual(rows.map(({ row }) => row).sort());
  expect(rows.map(({ row, needs }) => [row, needs])).toEqual(rows.map((row) => [row.row, needsOf(row)]));
});

test('a row without credential needs nothing', () => {
  const open = rows.filter(({ access }) => access === 'public');
  expect(open.map(needsOf)).toEqual(open.map(() => 'nothing'));
});

const ofOneself = rows.filter((row) => row.access !== 'public' && needsOf(row) === 'nothing');

test.each(ofOneself)('$row is for each person, with or without a role, and for no key', async (row) => {
  expect((await told(row, person({}))).status).toBe(200);
  credential = key(THIS);
  await expect(api(anEvent(row.method, row.path.replace('{id}', 'x')))).rejects.toThrow(ForbiddenError);
});

describe.each(rows.filter((row) => row.access !== 'public' && needsOf(row) !== 'nothing'))('$row', (row) => {
  const needs = needsOf(row);
  const isOfProject = row.path.includes('/v1/projects/{id}') || row.access !== 'person';
  const isOfAll = needs === 'administer' && !isOfProject;

  test.each(Object.keys(MAY) as (keyof typeof MAY)[])('by a %s of this project, of all, of another', async (role) => {
    const isAllowed = row.access !== 'key' && MAY[role].includes(needs);
    const status = isAllowed ? 200 : 403;
    expect((await told(row, person({ '*': role }), THIS)).status).toBe(status);
    expect((await told(row, person({ [THIS]: role }), THIS)).status).toBe(isOfAll ? 403 : status);
    const stranger = row.access === 'key' || isOfAll ? 403 : isOfProject ? 404 : status;
    expect((await told(row, person({ [OTHER]: role }), THIS)).status).toBe(stranger);
    // The stronger of two roles counts.
    expect((await told(row, person({ '*': 'viewer', [THIS]: role }), THIS)).status).toBe(isOfAll ? 403 : status);
  });

  test('by a person without roles, and with a role that this release does not know', async () => {
    for (const roles of [{}, { [THIS]: 'owner' as never }, { '*': 'toString' as never }])
      expect((await told(row, person(roles), THIS)).status).toBe(row.access === 'key' || !isOfProject ? 403 : 404);
  });

  test.each(subsets)('by a key with the scopes $scopes', async ({ scopes }) => {
    const isAllowed = row.access !== 'person' && (scopes as readonly string[]).includes(needs);
    expect((await told(row, key(THIS, scopes), THIS)).status).toBe(isAllowed ? 200 : 403);
    expect((await told(row, key(OTHER, scopes), THIS)).status).toBe(isAllowed ? 404 : 403);
  });

  test.each(subsets)('by a caller of the account with the scopes $scopes', async ({ scopes }) => {
    const isAllowed = row.access === 'project' && (scopes as readonly string[]).includes(needs);
    const caller = (id: string): Credential => ({
      kind: 'account',
      name: 'a role',
      project: { id } as Project,
      scopes,
    });
    expect((await told(row, caller(THIS), THIS)).status).toBe(isAllowed ? 200 : 403);
    expect((await told(row, caller(OTHER), THIS)).status).toBe(isAllowed ? 404 : 403);
  });

  test('by a person whom a key signed in: no more than its scopes', async () => {
    const scopes = SCOPES.filter((scope) => scope !== needs);
    const by = { ...person({ [THIS]: 'member' }), scopes };
    expect((await told(row, by, THIS)).status).toBe(403);
    const isAllowed = row.access !== 'key' && (SCOPES as readonly string[]).includes(needs);
    expect((await told(row, { ...by, scopes: SCOPES }, THIS)).status).toBe(isAllowed ? 200 : 403);
  });

  test('by a key of an older release, without scopes', async () => {
    expect((await told(row, key(THIS), THIS)).status).toBe(row.access === 'person' ? 403 : 200);
  });

  test('without a named project: the projects where the permission is held', async () => {
    if (row.access !== 'project') return;
    const allowed = (Object.keys(MAY) as (keyof typeof MAY)[]).filter((role) => MAY[role].includes(needs));
    for (const role of allowed) {
      expect((await told(row, person({ [THIS]: role, [noProject]: role }))).status).toBe(200);
      expect(seen!.projects).toEqual([{ id: THIS }]);
      expect((await told(row, person({ '*': role }))).status).toBe(200);
      expect(seen!.projects).toEqual(projects);
    }
    if (needs === 'read') return;
    expect((await told(row, person({ [OTHER]: 'viewer' }))).status).toBe(403);
    expect((await told(row, person({ [OTHER]: 'viewer', [THIS]: 'admin' }))).status).toBe(200);
    expect(seen!.projects).toEqual([{ id: THIS }]);
  });
});

test('a refusal says what is missing, and what is there', async () => {
  const row = rows.find((one) => one.row === 'POST /v1/endpoints')!;
  expect((await told(row, person({ [THIS]: 'viewer' }), THIS)).detail).toBe(
    'This needs the permission "manage". Permissions of the session in this project: read.',
  );
  expect((await told(row, key(THIS, ['read', 'publish']), THIS)).detail).toBe(
    'This needs the permission "manage". Permissions of the key: read, publish.',
  );
  expect((await told(row, person({ [THIS]: 'viewer' }))).detail).toBe(
    'This needs the permission "manage", and the session has it in no project.',
  );
});

test('a person with roles in some projects is listed these alone, newest first, page by page', async () => {
  const ids = ['proj_1', 'proj_2', 'proj_3', 'proj_deleted'];
  const liveProject = async (id: string) => (id === 'proj_deleted' ? undefined : ({ id } as Project));
  const store = { configStore: { ...ports.configStore, liveProject } } as Pick<ApiPorts, 'configStore'>;
  const some = person({ ...Object.fromEntries(ids.map((id) => [id, 'viewer'])), proj_3: 'member' });
  const list = async (needs: Permission, before: string | undefined, limit: number) =>
    (await projectsOf(some, needs, store, before, limit)).map(({ id }) => id);
  expect(await list('read', undefined, 2)).toEqual(['proj_3', 'proj_2']);
  expect(await list('read', 'proj_2', 2)).toEqual(['proj_1']);
  expect(await list('manage', undefined, Infinity)).toEqual(['proj_3']);
  expect(await projectsOf(person({ '*': 'viewer' }), 'read', store, 'proj_9', 5)).toEqual(projects);
});

describe('what a project takes from the others', () => {
  const patch = routes.find(({ method, path }) => method === 'PATCH' && path === '/v1/projects/{id}')!;
  const change = (by: Roles, body: object) => {
    const store = { liveProject: async () => ({ id: THIS, shards: 1 }), changeProject: async () => undefined };
    const request = { body, params: { id: THIS }, credential: person(by), now: 0 };
    return patch.handle(request as never, { configStore: store } as never);
  };

  test.each([{ quotas: { endpoints: 9 } }, { quotas: null }, { shards: 2 }])(
    '%j needs an admin of all',
    async (body) => {
      await expect(change({ [THIS]: 'admin' }, body)).rejects.toThrow(ForbiddenError);
      await expect(change({ '*': 'admin' }, body)).rejects.toThrow('There is no such project.'); // the change was tried
    },
  );

  test('its admin changes the rest', async () => {
    await expect(change({ [THIS]: 'admin' }, { name: 'x', shards: 1 })).rejects.toThrow('There is no such project.');
  });
});
