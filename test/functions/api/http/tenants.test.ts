import type * as z from 'zod';
import { createRouter } from '../../../../functions/api/http/router.js';
import { routes } from '../../../../functions/api/routes/routes.js';
import { firstId, hexOf, uuidOf } from '../../../../functions/primitives/ids.js';
import { cursorOf } from '../../../../functions/subjects/feed/feed-cursor.js';
import type { Answer } from '../../../support/api-under-test.js';
import { aLetter, anAttempt, aRunOf, aState } from '../../../support/pipeline-world.js';
import { startWholeApi, type Tenant, type WholeApi } from '../../../support/whole-api.js';

/** A request of one project with an id of another one, and what it must be told. */
interface Probe {
  readonly path: string;
  readonly body?: object;
  /** `nothing`: a list without any row of theirs. */
  readonly answers: 400 | 403 | 404 | 'nothing';
}

interface Theirs extends Tenant {
  readonly endpoint: string;
  readonly policy: string;
  readonly schedule: string;
  readonly task: string;
  readonly retrying: string;
  readonly dead: string;
  readonly bulk: string;
  readonly event: string;
  readonly job: string;
  readonly listener: string;
}

const target = { url: 'https://example.com/hook' };
const job = { title: 'x', webhookUrl: target.url, fireAt: '2031-01-01T00:00:00Z' };
const sibling = (prefix: string, id: string) => id.replace(/^[a-z]+_/, `${prefix}_`);
const at = (path: string, answers: Probe['answers'], body?: object): Probe => ({
  path,
  answers,
  ...(body && { body }),
});
/** A cursor of the feed as a caller could make it. */
function following(runs: readonly string[]): string {
  const known = new Map(runs.map((run) => [hexOf(run), { version: 0, attempts: 0, isOpen: true }]));
  return cursorOf({ after: firstId('run', 0), known });
}
/** These routes name no object of any project. */
const nothingToName: readonly Probe[] = [];

/** Every row of the API, by method and path. A row that is not here fails the test. */
function probes(theirs: Theirs): Record<string, readonly Probe[]> {
  const { project, key_id, endpoint, policy, schedule, task, retrying, dead, bulk, listener } = theirs;
  const projects = '/v1/projects';
  const jobs = '/api/cron-service/jobs';
  const attempt = sibling('att', retrying);
  const retryJob = sibling('rj', retrying);
  const letter = sibling('dl', dead);
  const byName = Object.entries({
    endpoints: { ...target, retry_policy_id: policy },
    'retry-policies': {},
    schedules: { cron: '0 3 * * *', endpoint_id: endpoint },
  }).flatMap(([kind, body]) => {
    const path = `/v1/${kind}/by-name/theirs`;
    const names = kind !== 'retry-policies';
    return [
      [
        `PUT /v1/${kind}/by-name/{name}`,
        [names ? at(path, 400, body) : at(`${path}?project_id=${project}`, 404, body)],
      ],
      [`GET /v1/${kind}/by-name/{name}`, [at(path, 404)]],
      [`DELETE /v1/${kind}/by-name/{name}`, [at(path, 404)]],
    ];
  });
  return {
    ...Object.fromEntries(byName),
    'GET /v1/healthz': nothingToName,
    'GET /v1/stats': [at(`/v1/stats?project_id=${project}`, 404)],
    'GET /v1/usage': [at(`/v1/usage?project_id=${project}`, 404)],
    'GET /llms.txt': nothingToName,
    'GET /openapi.json': nothingToName,
    'GET /docs': nothingToName,
    'POST /v1/sessions': nothingToName,
    'POST /v1/sessions/link': [at('/v1/sessions/link', 403)],
    'GET /v1/alarms': [at('/v1/alarms', 403)],
    'GET /v1/sessions': [at(`/v1/sessions?cursor=${sibling('ses', task)}`, 403)],
    'DELETE /v1/sessions': [at(`/v1/sessions?subject=${key_id}`, 403)],
    'GET /v1/sessions/{id}': [at('/v1/sessions/current', 403)],
    'DELETE /v1/sessions/{id}': [at('/v1/sessions/current', 403)],
    'GET /v1/sign-in': nothingToName,
    'POST /v1/sign-in': nothingToName,
    'GET /v1/sign-in/callback': nothingToName,
    'POST /v1/schedules/preview': nothingToName,
    'POST /v1/retry-policies': nothingToName,

    [`POST ${projects}`]: [at(projects, 403, { name: 'x' })],
    [`GET ${projects}`]: [at(`${projects}?cursor=${project}`, 403)],
    [`GET ${projects}/{id}`]: [at(`${projects}/${project}`, 403)],
    [`PATCH ${projects}/{id}`]: [at(`${projects}/${project}`, 403, { name: 'x' })],
    [`DELETE ${projects}/{id}`]: [at(`${projects}/${project}`, 403)],
    [`POST ${projects}/{id}/rotate-secret`]: [at(`${projects}/${project}/rotate-secret`, 403, {})],
    [`GET ${projects}/{id}/export`]: [at(`${projects}/${project}/export`, 403)],
    [`POST ${projects}/{id}/portal`]: [at(`${projects}/${project}/portal`, 403, { name: 'x' })],
    [`POST ${projects}/{id}/keys`]: [at(`${projects}/${project}/keys`, 403, { label: 'x' })],
    [`GET ${projects}/{id}/keys`]: [at(`${projects}/${project}/keys`, 403)],
    [`DELETE ${projects}/{id}/keys/{key_id}`]: [at(`${projects}/${project}/keys/${key_id}`, 403)],

    'POST /v1/endpoints': [
      at('/v1/endpoints', 400, { name: 'x', ...target, retry_policy_id: policy }),
      at(`/v1/endpoints?project_id=${project}`, 404, { name: 'x', ...target }),
    ],
    'GET /v1/endpoints': [
      at(`/v1/endpoints?cursor=${endpoint}`, 'nothing'),
      at(`/v1/endpoints?project_id=${project}`, 404),
    ],
    'GET /v1/endpoints/{id}': [at(`/v1/endpoints/${endpoint}`, 404)],
    'PATCH /v1/endpoints/{id}': [at(`/v1/endpoints/${endpoint}`, 404, { name: 'x' })],
    'DELETE /v1/endpoints/{id}': [at(`/v1/endpoints/${endpoint}`, 404)],

    'POST /v1/endpoints/{id}/rotate-secret': [at(`/v1/endpoints/${endpoint}/rotate-secret`, 404, {})],
    'POST /v1/endpoints/{id}/test': [at(`/v1/endpoints/${endpoint}/test`, 404)],
    'POST /v1/endpoints/{id}/recover': [
      at(`/v1/endpoints/${endpoint}/recover`, 404, { since: '2026-01-01T00:00:00Z' }),
    ],

    'POST /v1/listeners': [at('/v1/listeners', 400, { endpoint_ids: [endpoint] })],
    'GET /v1/listeners': [at('/v1/listeners', 'nothing'), at(`/v1/listeners?project_id=${project}`, 404)],
    'GET /v1/listeners/{id}': [at(`/v1/listeners/${listener}`, 404)],
    'GET /v1/listeners/{id}/requests': [at(`/v1/listeners/${listener}/requests`, 404)],
    'POST /v1/listeners/{id}/requests/{request_id}/answer': [
      at(`/v1/listeners/${listener}/requests/${hexOf(task)}/answer`, 404, { status: 200 }),
    ],
    'DELETE /v1/listeners/{id}': [at(`/v1/listeners/${listener}?project_id=${project}`, 404)],

    'GET /v1/retry-policies': [at(`/v1/retry-policies?cursor=${policy}`, 'nothing')],
    'GET /v1/retry-policies/{id}': [at(`/v1/retry-policies/${policy}`, 404)],
    'PATCH /v1/retry-policies/{id}': [at(`/v1/retry-policies/${policy}`, 404, { name: 'x' })],
    'DELETE /v1/retry-policies/{id}': [at(`/v1/retry-policies/${policy}`, 404)],

    'POST /v1/tasks': [
      at('/v1/tasks', 400, { endpoint_id: endpoint }),
      at('/v1/tasks', 400, { target, retry_policy_id: policy }),
    ],
    // Each entry has its own answer.
    'POST /v1/tasks/batch': [at('/v1/tasks/batch', 'nothing', { tasks: [{ endpoint_id: endpoint }] })],
    'GET /v1/tasks': [
      at(`/v1/tasks?endpoint_id=${endpoint}`, 'nothing'),
      at(`/v1/tasks?status=retry_scheduled&endpoint_id=${endpoint}`, 'nothing'),
      at(`/v1/tasks?event_id=${theirs.event}`, 'nothing'),
      at(`/v1/tasks?schedule_id=${schedule}`, 'nothing'),
      at(`/v1/tasks?cursor=${task}`, 'nothing'),
    ],
    'GET /v1/tasks/{id}': [at(`/v1/tasks/${task}`, 404), at(`/v1/tasks/${dead}`, 404)],
    'GET /v1/tasks/{id}/wait': [at(`/v1/tasks/${task}/wait`, 404)],
    'GET /v1/feed': [
      at(`/v1/feed?cursor=${following([task, retrying, dead])}`, 'nothing'),
      at(`/v1/feed?endpoint_id=${endpoint}`, 'nothing'),
      at(`/v1/feed?task_id=${task}`, 'nothing'),
      at(`/v1/feed?project_id=${project}`, 404),
    ],
    'GET /v1/search': [
      at(`/v1/search?q=${task}`, 'nothing'),
      at(`/v1/search?q=${endpoint.slice(0, 12)}`, 'nothing'),
      at(`/v1/search?project_id=${project}&q=run_`, 404),
    ],
    'POST /v1/tasks/{id}/redact': [at(`/v1/tasks/${task}/redact`, 404)],
    'POST /v1/tasks/{id}/resend': [
      at(`/v1/tasks/${task}/resend`, 404),
      at(`/v1/tasks/${dead}/resend`, 404, { payload: 'x' }),
    ],
    'POST /v1/tasks/{id}/cancel': [at(`/v1/tasks/${task}/cancel`, 404)],

    'POST /v1/events': nothingToName,
    'POST /v1/events/batch': nothingToName,
    'GET /v1/events': [at(`/v1/events?cursor=${theirs.event}`, 'nothing')],
    'GET /v1/events/{id}': [at(`/v1/events/${theirs.event}`, 404)],

    'GET /v1/deliveries': [
      at(`/v1/deliveries?task_id=${retrying}`, 'nothing'),
      at(`/v1/deliveries?endpoint_id=${endpoint}`, 'nothing'),
      at(`/v1/deliveries?cursor=${attempt}`, 'nothing'),
    ],
    'GET /v1/deliveries/{id}': [at(`/v1/deliveries/${attempt}`, 404)],

    'GET /v1/retry-jobs': [
      at(`/v1/retry-jobs?endpoint_id=${endpoint}`, 'nothing'),
      at(`/v1/retry-jobs?cursor=${retryJob}`, 'nothing'),
    ],
    'GET /v1/retry-jobs/{id}': [at(`/v1/retry-jobs/${retryJob}`, 404)],
    'POST /v1/retry-jobs/{id}/run': [at(`/v1/retry-jobs/${retryJob}/run`, 404)],
    'DELETE /v1/retry-jobs/{id}': [at(`/v1/retry-jobs/${retryJob}`, 404)],

    'GET /v1/dead-letters': [
      at(`/v1/dead-letters?endpoint_id=${endpoint}`, 'nothing'),
      at(`/v1/dead-letters?cursor=${letter}`, 'nothing'),
    ],
    'GET /v1/dead-letters/{id}': [at(`/v1/dead-letters/${letter}`, 404)],
    'POST /v1/dead-letters/{id}/replay': [at(`/v1/dead-letters/${letter}/replay`, 404)],
    'POST /v1/dead-letters/{id}/resolve': [at(`/v1/dead-letters/${letter}/resolve`, 404, { note: 'x' })],
    'POST /v1/dead-letters/replay': [at('/v1/dead-letters/replay', 400, { endpoint_id: endpoint })],
    'POST /v1/dead-letters/resolve': [at('/v1/dead-letters/resolve', 400, { endpoint_id: endpoint, note: 'x' })],
    'POST /v1/tasks/cancel': [
      at('/v1/tasks/cancel', 400, { endpoint_id: endpoint }),
      at('/v1/tasks/cancel', 'nothing', { ids: [task], dry_run: true }),
    ],
    'GET /v1/bulk-jobs/{id}': [at(`/v1/bulk-jobs/${bulk}`, 404)],
    'POST /v1/dead-letters/replay-all': [at(`/v1/dead-letters/replay-all?cursor=${project}`, 403)],
    'GET /v1/dead-letters/replays/{id}': [at(`/v1/dead-letters/replays/${bulk}`, 404)],

    'POST /v1/schedules': [
      at('/v1/schedules', 400, { name: 'x', cron: '0 3 * * *', endpoint_id: endpoint }),
      at('/v1/schedules', 400, { name: 'x', cron: '0 3 * * *', target, retry_policy_id: policy }),
    ],
    'GET /v1/schedules': [at(`/v1/schedules?cursor=${schedule}`, 'nothing')],
    'GET /v1/schedules/{id}': [at(`/v1/schedules/${schedule}`, 404)],
    'PATCH /v1/schedules/{id}': [at(`/v1/schedules/${schedule}`, 404, { status: 'paused' })],
    'DELETE /v1/schedules/{id}': [at(`/v1/schedules/${schedule}`, 404)],
    'POST /v1/schedules/{id}/run': [at(`/v1/schedules/${schedule}/run`, 404)],
    'POST /v1/schedules/{id}/backfill': [
      at(`/v1/schedules/${schedule}/backfill`, 404, { from: new Date().toISOString() }),
    ],
    'GET /v1/schedules/{id}/runs': [at(`/v1/schedules/${schedule}/runs`, 404)],

    'GET /v1/audit': [
      at(`/v1/audit?cursor=${sibling('aud', task)}`, 'nothing'),
      at(`/v1/audit?project_id=${project}`, 404),
    ],

    [`POST ${jobs}`]: [
      at(`${jobs}?project_id=${project}`, 404, { name: 'x', cronExpression: '0 3 * * *', targetUrl: target.url }),
    ],
    [`GET ${jobs}`]: [at(`${jobs}?cursor=${schedule}`, 'nothing')],
    [`GET ${jobs}/{id}`]: [at(`${jobs}/${schedule}`, 404)],
    [`PATCH ${jobs}/{id}`]: [at(`${jobs}/${schedule}`, 404, { state: 'PAUSED' })],
    [`DELETE ${jobs}/{id}`]: [at(`${jobs}/${schedule}`, 404)],
    [`POST ${jobs}/{id}/run`]: [at(`${jobs}/${schedule}/run`, 404)],
    [`GET ${jobs}/{id}/executions`]: [at(`${jobs}/${schedule}/executions`, 404)],

    'POST /api/v1/jobs': [at(`/api/v1/jobs?project_id=${project}`, 404, job)],
    'GET /api/v1/jobs': [
      at(`/api/v1/jobs?projectId=${uuidOf(project)}`, 'nothing'),
      at(`/api/v1/jobs?projectId=${project}`, 'nothing'),
    ],
    'GET /api/v1/jobs/{id}': [at(`/api/v1/jobs/${theirs.job}`, 404)],
    'DELETE /api/v1/jobs/{id}': [at(`/api/v1/jobs/${theirs.job}`, 404)],
  };
}

let api: WholeApi;
let mine: { readonly 'x-api-key': string };
let theirs: Theirs;
let before: Answer[];

beforeAll(async () => {
  api = await startWholeApi();
  mine = (await api.newTenant()).key;
  theirs = await populated(await api.newTenant());
  before = await everythingOfTheirs();
});
afterAll(() => api.close());

/** One of everything. */
async function populated(tenant: Tenant): Promise<Theirs> {
  const make = async (path: string, body: object) => (await api.call('POST', path, { headers: tenant.key, body })).body;
  const put = async (kind: string, body: object) =>
    (await api.call('PUT', `/v1/${kind}/by-name/theirs`, { headers: tenant.key, body })).body;
  const policy = (await put('retry-policies', {})).id;
  const endpoint = (await put('endpoints', { ...target, retry_policy_id: policy })).id;
  const schedule = (await put('schedules', { cron: '0 3 * * *', target })).id;
  const task = (await make('/v1/tasks', { endpoint_id: endpoint, delay_seconds: 600 })).id;
  const event = (await make('/v1/events', { event_name: 'invoice.paid', payload: {} })).id;
  const listener = (await make('/v1/listeners', { endpoint_ids: [endpoint] })).id;
  const { id } = (await make('/api/v1/jobs', job)).data;
  const project = (await api.ports.configStore.project(tenant.project))!;
  const [retrying, dead] = [1_000, 2_000].map((age) => {
    const definition = aRunOf(project, { endpoint_id: endpoint, expires_at: Date.now() + 86_400_000 });
    return { ...definition, created_at: Date.now() - age };
  });
  const failed = { first_attempt: anAttempt(retrying!, 1), due: Date.now() + 60_000 };
  await api.world.store([
    { definition: retrying!, state: aState(retrying!, { status: 'retry_scheduled', ...failed }) },
    { definition: dead!, state: aState(dead!, { status: 'dead_letter', reason: 'given_up' }) },
  ]);
  await api.world.bury([aLetter(dead!)]);
  const bulk = (await make('/v1/dead-letters/replay', { reason: 'blocked' })).id;
  const runs = { task, retrying: retrying!.id, dead: dead!.id };
  return { ...tenant, ...runs, policy, endpoint, schedule, event, job: id, bulk, listener };
}

/** All of it as they see it themselves. */
function everythingOfTheirs(): Promise<Answer[]> {
  const { endpoint, policy, schedule, task, retrying, dead, bulk } = theirs;
  const paths = [
    `endpoints/${endpoint}`,
    `retry-policies/${policy}`,
    `schedules/${schedule}`,
    `dead-letters/replays/${bulk}`,
  ];
  paths.push(`tasks/${task}`, `tasks/${retrying}`, `tasks/${dead}`, `dead-letters/${sibling('dl', dead)}`);
  paths.push(`retry-jobs/${sibling('rj', retrying)}`, `deliveries/${sibling('att', retrying)}`, 'tasks', 'schedules');
  const all = [...paths.map((path) => `/v1/${path}`), `/api/v1/jobs/${theirs.job}`];
  return Promise.all(all.map((path) => api.call('GET', path, { headers: theirs.key })));
}

const rows = routes.map(({ method, path }) => `${method} ${path}`);

test('everything of theirs is there to be found', () => {
  expect(before.map(({ status }) => status)).toEqual(before.map(() => 200));
});

test('the table has the rows of the API, each with an id of theirs wherever one can be given', () => {
  const table = probes(theirs);
  expect(Object.keys(table).sort()).toEqual([...rows].sort());
  const silent = routes.flatMap(({ method, path, query }) => {
    const row = `${method} ${path}`;
    if (path.includes('{')) return table[row]!.length === 0 ? [row] : [];
    const parameters = Object.keys((query as z.ZodObject | undefined)?.shape ?? {});
    const named = parameters.filter((name) => /(_id|Id|^cursor)$/.test(name));
    return named
      .filter((name) => !table[row]!.some((probe) => probe.path.includes(`${name}=`)))
      .map((name) => `${row}?${name}`);
  });
  expect(silent).toEqual([]);
});

test.each(rows)('%s', async (row) => {
  const [method = ''] = row.split(' ');
  const findRoute = createRouter(routes);
  for (const { path, body, answers } of probes(theirs)[row] ?? []) {
    const found = findRoute(method, path.split('?')[0]!).route;
    expect(`${found.method} ${found.path}`).toBe(row); // the probe is about this very row
    const answer = await api.call(method, path, { headers: mine, ...(body && { body }) });
    expect([path, answer.status]).toEqual([path, answers === 'nothing' ? 200 : answers]);
    // The audit repeats which paths were asked for.
    const echoed = answers === 'nothing' ? answer.text.replace(/"path":"[^"]*"/g, '') : '';
    for (const id of Object.values(theirs).filter((value) => typeof value === 'string'))
      expect(echoed).not.toContain(id);
  }
});

test('an unknown id is told the same as one of theirs', async () => {
  const unknown = theirs.task.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  const [one, other] = await Promise.all(
    [theirs.task, unknown].map((id) => api.call('GET', `/v1/tasks/${id}`, { headers: mine })),
  );
  expect(one!.text).toBe(other!.text);
});

test('an operator reaches no key through another project', async () => {
  const { project } = await api.newTenant();
  const path = `/v1/projects/${project}/keys/${theirs.key_id}`;
  expect((await api.call('DELETE', path, { headers: api.operator })).status).toBe(404);
});

test('none of it has changed anything of theirs', async () => {
  expect((await everythingOfTheirs()).map(({ body }) => body)).toEqual(before.map(({ body }) => body));
});
