import { dialect } from '../../../../functions/api/dialects/dispatch/routes.js';
import { renderBody } from '../../../../functions/formats/formats.js';
import { ConflictError, InvalidRequestError, NotFoundError } from '../../../../functions/primitives/faults.js';
import type { Project } from '../../../../functions/subjects/projects/project.js';
import { retryDelayMs, totalDelayMs } from '../../../../functions/subjects/retry-policies/retry-policy.js';
import type { RunState } from '../../../../functions/subjects/task-runs/task-run.js';
import { callRoute, type Json } from '../../../support/call-route.js';
import {
  anAttempt,
  aRunOf,
  aState,
  NOW,
  type PipelineWorld,
  startPipelineWorld,
} from '../../../support/pipeline-world.js';

let world: PipelineWorld;
let project: Project;
let other: Project;
beforeAll(async () => {
  world = await startPipelineWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.time.now = NOW;
  project = world.addProject();
  other = world.addProject();
});

const PATH = '/api/v1/jobs';
const JOB = {
  title: 'Trial expiry reminder',
  webhookUrl: 'https://your-app.com/hooks/trial-expiry',
  fireAt: new Date(NOW + 60_000).toISOString(),
  payload: { userId: 'usr_812', plan: 'pro' },
};
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const call = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown, more: object = {}) =>
  callRoute(dialect.routes, world.ports, { method, path, body, projects: [project], ...more });

const created = async (change: object = {}): Promise<Json> =>
  (await call('POST', PATH, { ...JOB, ...change })).body.data;
const runIdOf = (job: Json) => `run_${job.id.replaceAll('-', '')}`;

async function foundRun(job: Json) {
  const { definition } = await world.ports.runs.find({ project: project.id, run: runIdOf(job) });
  return definition!;
}

/** A job that has come so far. */
async function jobIn(change: Partial<RunState>, age = 0) {
  const definition = aRunOf(
    project,
    {
      body_format: 'dispatch',
      title: 'x',
      target: { url: 'https://example.com/', method: 'POST', headers: {}, timeout_ms: 1 },
    },
    age,
  );
  const state = aState(definition, change);
  const first_attempt = anAttempt(definition, 1);
  await world.store([{ definition, state: { ...state, first_attempt } }]);
  return definition;
}

async function faultAt(body: object): Promise<string> {
  const error = await call('POST', PATH, body).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(InvalidRequestError);
  return error.faults
    .map(({ pointer }: { pointer: string }) => pointer)
    .sort()
    .join(' ');
}

test('a job is answered as the page shows it, and its token sent for that millisecond', async () => {
  const fireAt = new Date(NOW + 61_234).toISOString();
  const { status, body } = await call('POST', PATH, { ...JOB, fireAt });
  expect(status).toBe(201);
  expect(body).toEqual({
    status: true,
    message: 'Job scheduled successfully',
    data: {
      id: expect.stringMatching(UUID),
      projectId: expect.stringMatching(UUID),
      title: JOB.title,
      webhookUrl: JOB.webhookUrl,
      payload: JOB.payload,
      fireAt,
      status: 'SCHEDULED',
      retryCount: 0,
      createdAt: new Date(NOW).toISOString(),
      updatedAt: new Date(NOW).toISOString(),
    },
  });
  expect(world.sent.at(-1)).toMatchObject({ lane: 'fast', token: { due: NOW + 61_234, run: runIdOf(body.data) } });
});

test('retries come after 30 s and a minute, and no receiver has a say in it', async () => {
  const run = await foundRun(await created());
  const policy = run.retry_policy!;
  expect(run.max_attempts).toBe(3);
  expect([1, 2].map((failed) => retryDelayMs(policy, failed, Math.random, 3_600_000))).toEqual([30_000, 60_000]);
  expect(totalDelayMs(policy)).toBe(90_000);
});

test('what arrives holds the payload verbatim, and the moment of the attempt', async () => {
  const payload = { ...JSON.parse('{"__proto__":1}'), text: '"}\u2028😀', nested: [{}, null, 0.1] };
  const job = await created({ payload: JSON.parse(JSON.stringify(payload)), title: 'a "quoted" title' });
  const body = renderBody(await foundRun(job), NOW + 5).toString();
  expect(body).toContain(`"payload":${JSON.stringify(payload)},`);
  expect(JSON.parse(body)).toEqual({
    jobId: job.id,
    title: 'a "quoted" title',
    payload,
    firedAt: new Date(NOW + 5).toISOString(),
  });
  const none = await created({ payload: undefined });
  expect(none.payload).toEqual({});
  expect(JSON.parse(renderBody(await foundRun(none), NOW).toString()).payload).toEqual({});
});

test.each([
  ['an offset', { fireAt: '2027-06-13T09:30:00+05:30' }, '/fireAt'],
  ['no zone', { fireAt: '2027-06-13T09:30:00' }, '/fireAt'],
  ['a day that is none', { fireAt: '2027-02-30T09:30:00Z' }, '/fireAt'],
  ['Unix seconds', { fireAt: NOW / 1000 + 60 }, '/fireAt'],
  ['this very moment', { fireAt: new Date(NOW).toISOString() }, '/fireAt'],
  ['a millisecond ago', { fireAt: new Date(NOW - 1).toISOString() }, '/fireAt'],
  ['centuries ahead', { fireAt: '2327-02-03T09:30:00Z' }, '/fireAt'],
  ['all that is missing', { title: undefined, webhookUrl: undefined, fireAt: undefined }, '/fireAt /title /webhookUrl'],
  ['a payload that is no object', { payload: ['a'] }, '/payload'],
  ['a payload that is null', { payload: null }, '/payload'],
  ['a payload too large', { payload: { text: 'x'.repeat(256 * 1024) } }, '/payload'],
  ['a URL that is none', { webhookUrl: 'your-app' }, '/webhookUrl'],
  ['a private address', { webhookUrl: 'https://10.0.0.1/' }, '/webhookUrl'],
  ['an unknown field', { retries: 3 }, '/retries'],
])('400 for %s', async (_name, change, pointers) => {
  expect(await faultAt({ ...JOB, ...change })).toBe(pointers);
});

test('a scheduled job is cancelled, once', async () => {
  const job = await created();
  expect(await call('DELETE', `${PATH}/${job.id}`)).toMatchObject({
    status: 200,
    body: { status: true, message: 'Job cancelled successfully', data: null },
  });
  expect(world.disarmed).toContain(`${runIdOf(job)} 1`);
  expect((await call('GET', `${PATH}/${job.id}`)).body.data.status).toBe('CANCELLED');
  world.time.now += 1;
  await expect(call('DELETE', `${PATH}/${job.id}`)).rejects.toThrow(
    new ConflictError('Only scheduled jobs can be cancelled'),
  );
});

test('the same request, repeated under its Idempotency-Key, finds its own cancel', async () => {
  const job = await created();
  const pins = { seed: 's', now: NOW + 5 };
  for (let i = 0; i < 2; i += 1)
    expect((await call('DELETE', `${PATH}/${job.id}`, undefined, { pins })).status).toBe(200);
});

test.each<[string, Partial<RunState>]>([
  ['FIRING', { status: 'running', lease: NOW + 5_000 }],
  ['SUCCESS', { status: 'success' }],
  ['FAILED', { status: 'retry_scheduled', due: NOW + 5_000 }],
  ['DEAD', { status: 'dead_letter', attempt: 3 }],
  ['CANCELLED', { status: 'cancelled', finished_at: NOW - 1 }],
])('a job that is %s is not cancelled, and nothing changes', async (status, change) => {
  const { id } = await jobIn(change);
  const before = await world.ports.runs.find({ project: project.id, run: id });
  await expect(call('DELETE', `${PATH}/${id}`)).rejects.toThrow(
    new ConflictError('Only scheduled jobs can be cancelled'),
  );
  expect(await world.ports.runs.find({ project: project.id, run: id })).toEqual(before);
  expect((await call('GET', `${PATH}/${id}`)).body.data.status).toBe(status);
});

test('one job shows its history, newest first', async () => {
  const target = { url: 'https://example.com/', method: 'POST', headers: {}, timeout_ms: 1 } as const;
  const definition = aRunOf(project, { body_format: 'dispatch', title: 'x', target });
  const second = anAttempt(definition, 2, { status: 'success', http_status: 200, response_body: '{"received":true}' });
  const lost = anAttempt(definition, 1, {
    http_status: null,
    response_body: '',
    error: { code: 'dns', message: 'Not found.' },
  });
  const state = aState(definition, { status: 'success', attempt: 2, first_attempt: lost, later_attempts: [second.id] });
  await world.store([{ definition, state, later: [second] }]);
  const { message, data } = (await call('GET', `${PATH}/${definition.id}`)).body;
  expect(message).toBe('Job fetched successfully');
  expect(data).toMatchObject({
    status: 'SUCCESS',
    retryCount: 1,
    project: { name: 'shop', id: expect.stringMatching(UUID) },
  });
  expect(data.logs).toEqual([
    {
      id: expect.stringMatching(UUID),
      attempt: 2,
      status: 'SUCCESS',
      responseCode: 200,
      responseBody: '{"received":true}',
      firedAt: expect.any(String),
      durationMs: 120,
    },
    {
      id: expect.stringMatching(UUID),
      attempt: 1,
      status: 'FAILED',
      responseCode: null,
      responseBody: 'Not found.',
      firedAt: expect.any(String),
      durationMs: 120,
    },
  ]);
});

test('lists know their totals, also filtered, and leave out what is no job', async () => {
  const failed = await jobIn({ status: 'retry_scheduled', due: NOW }, 1_000);
  for (let age = 2; age <= 6; age += 1) await jobIn({ status: 'success' }, age * 1_000);
  await world.store([{ definition: aRunOf(project) }]);
  const { jobs, pagination } = (await call('GET', `${PATH}?limit=4`)).body.data;
  expect(pagination).toEqual({ total: 6, page: 1, limit: 4, totalPages: 2 });
  expect(jobs[0]).toEqual({
    id: expect.stringMatching(UUID),
    title: 'x',
    webhookUrl: 'https://example.com/',
    fireAt: expect.any(String),
    status: 'FAILED',
    retryCount: 1,
    project: { id: expect.stringMatching(UUID), name: 'shop' },
  });
  expect(`run_${jobs[0].id.replaceAll('-', '')}`).toBe(failed.id);
  const second = (await call('GET', `${PATH}?limit=4&page=2`)).body.data;
  expect([second.jobs.length, second.pagination.page]).toEqual([2, 2]);
  const ids = [...jobs, ...second.jobs].map(({ id }: Json) => id);
  expect(ids).toEqual([...new Set(ids)].sort().reverse());
  const successes = (await call('GET', `${PATH}?status=SUCCESS`)).body.data;
  expect([successes.jobs.length, successes.pagination.total]).toEqual([5, 5]);
  expect((await call('GET', `${PATH}?page=9`)).body.data).toMatchObject({
    jobs: [],
    pagination: { total: 6, page: 9 },
  });
});

test('a list by a status that hardly any job has ends after a bounded number of looks', async () => {
  let looks = 0;
  const runs: typeof world.ports.runLists.runs = async () => {
    looks += 1;
    return { rows: [], end: 'run_of_a_job_that_was_passed_by' };
  };
  const ports = { ...world.ports, runLists: { ...world.ports.runLists, runs } };
  const { body } = await callRoute(dialect.routes, ports, {
    method: 'GET',
    path: `${PATH}?status=DEAD`,
    projects: [project],
  });
  expect(body.data).toMatchObject({ jobs: [], pagination: { total: 0 } });
  expect(looks).toBe(20);
});

test('an operator sees all projects, or one', async () => {
  await jobIn({ status: 'success' });
  await call('POST', PATH, JOB, { projects: [other] });
  const all = { projects: [project, other] };
  expect((await call('GET', PATH, undefined, all)).body.data.pagination.total).toBe(2);
  const [mine] = (await call('GET', `${PATH}?projectId=${other.id}`, undefined, all)).body.data.jobs;
  const again = (await call('GET', `${PATH}?projectId=${mine.project.id}`, undefined, all)).body.data;
  expect([again.pagination.total, again.jobs[0].id]).toEqual([1, mine.id]);
  expect((await call('GET', `${PATH}?projectId=${mine.project.id}`)).body.data.jobs).toEqual([]);
});

test('other runs, other projects and unknown ids are not there', async () => {
  const plain = aRunOf(project);
  await world.store([{ definition: plain }]);
  const job = await created();
  for (const id of [plain.id, 'x', '3f6c2b8e-7a41-4c9d-9b21-d5a0c3e8f612'])
    for (const method of ['GET', 'DELETE'] as const)
      await expect(call(method, `${PATH}/${id}`)).rejects.toThrow(NotFoundError);
  await expect(call('GET', `${PATH}/${job.id}`, undefined, { projects: [other] })).rejects.toThrow(NotFoundError);
});
