import { cronServiceError } from '../../../../functions/api/dialects/cron-service/present.js';
import { dialect } from '../../../../functions/api/dialects/cron-service/routes.js';
import { problemOf } from '../../../../functions/api/http/problem.js';
import { routes as deliveryRoutes } from '../../../../functions/api/routes/deliveries.js';
import { routes as scheduleRoutes } from '../../../../functions/api/routes/schedules.js';
import { routes as taskRoutes } from '../../../../functions/api/routes/tasks.js';
import { createKeyring, decrypt, encryptionWith } from '../../../../functions/primitives/encryption.js';
import { InvalidRequestError, NotFoundError } from '../../../../functions/primitives/faults.js';
import { makeId, uuidOf } from '../../../../functions/primitives/ids.js';
import { policyOfSender } from '../../../../functions/protocol/rules/policy-for.js';
import { fire } from '../../../../functions/protocol/schedules/schedule-chain.js';
import type { Secrets } from '../../../../functions/runtime/secrets.js';
import type { Project } from '../../../../functions/subjects/projects/project.js';
import { runOfOccurrence } from '../../../../functions/subjects/schedules/fire-plan.js';
import { callRoute, type Json } from '../../../support/call-route.js';
import {
  anAttempt,
  aRunOf,
  aState,
  NOW,
  type PipelineWorld,
  startPipelineWorld,
} from '../../../support/pipeline-world.js';

const KEYRING = createKeyring('the master secret of the tests');
const API_KEY = `sk_${'a'.repeat(64)}`;
const PATH = '/api/cron-service/jobs';
const JOB = {
  name: 'Refresh Cache',
  cronExpression: '*/5 * * * *',
  targetUrl: 'https://api.mycompany.com/internal/cache/refresh',
  headers: { Authorization: 'Bearer internal-token' },
  body: '{"scope": "products"}',
};

let world: PipelineWorld;
let project: Project;
beforeAll(async () => {
  world = await startPipelineWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.time.now = NOW;
  world.fires.length = 0;
  project = world.addProject();
});

function call(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown, more: object = {}) {
  const ports = { ...world.ports, secrets: encryptionWith(async () => KEYRING) as Secrets };
  const all = [...dialect.routes, ...scheduleRoutes, ...taskRoutes, ...deliveryRoutes];
  return callRoute(all, ports, { method, path, body, projects: [project], sent: API_KEY, ...more });
}

const created = async (change: object = {}): Promise<Json> =>
  (await call('POST', PATH, { ...JOB, ...change })).body.data;
const shown = async ({ jobId }: Json): Promise<Json> => (await call('GET', `${PATH}/${jobId}`)).body.data;
const patched = async ({ jobId }: Json, patch: object): Promise<Json> =>
  (await call('PATCH', `${PATH}/${jobId}`, patch)).body.data;

/** The same digits, under our own prefix. */
const scheduleOf = ({ jobId }: Json): string => jobId.replace(/^job_/, 'sch_');

async function stored(job: Json) {
  const { schedule } = await world.ports.schedules.find({ project: project.id, schedule: scheduleOf(job) });
  const policy = await policyOfSender(world.ports.config, schedule!);
  return { schedule: schedule!, run: runOfOccurrence(schedule!, NOW, 0, policy, 1_000), policy };
}

async function faultsOf(request: Promise<unknown>): Promise<string> {
  const error = await request.catch((thrown) => thrown);
  expect(error).toBeInstanceOf(InvalidRequestError);
  return (error as InvalidRequestError).faults
    .map(({ pointer }) => pointer)
    .sort()
    .join(' ');
}

test('a job is answered as the page shows it, and its wake-up is on its way', async () => {
  const { status, body, location } = await call('POST', PATH, JOB);
  expect(status).toBe(201);
  expect(body).toEqual({
    status: 'OK',
    data: {
      jobId: expect.stringMatching(/^job_[0-9a-f]{32}$/),
      name: 'Refresh Cache',
      cronExpression: '*/5 * * * *',
      state: 'ACTIVE',
      nextRunAt: '2027-01-15T08:05:00Z',
      overlapPolicy: 'SKIP',
      createdAt: '2027-01-15T08:00:00Z',
    },
  });
  expect(location).toBe(`${PATH}/${body.data.jobId}`);
  expect(world.fires).toMatchObject([{ token: { schedule: scheduleOf(body.data) } }]);
});

test('what is left out has its default', async () => {
  const job = await created({ headers: undefined, body: undefined });
  expect(await shown(job)).toEqual({
    ...job,
    timezone: 'UTC',
    targetUrl: JOB.targetUrl,
    httpMethod: 'POST',
    headers: {},
    body: null,
    retries: 0,
    retryDelaySeconds: 30,
    signPayloads: false,
    signingKeyId: null,
    updatedAt: job.createdAt,
  });
  const { run } = await stored(job);
  expect(run).toMatchObject({ max_attempts: 1, overlap: 'skip', target: { timeout_ms: 300_000 } });
  expect(run).not.toHaveProperty('payload');
});

test('its runs carry its words: retries, overlap, body', async () => {
  const job = await created({ retries: 3, retryDelaySeconds: 7, overlapPolicy: 'CANCEL_PREVIOUS' });
  const { run } = await stored(job);
  expect(run).toMatchObject({
    max_attempts: 4,
    overlap: 'cancel_previous',
    payload: { format: 'json', body: JOB.body },
    retry_policy: { strategy: 'fixed', base_delay_seconds: 7, max_delay_seconds: 7, jitter: 'none' },
  });
});

test.each([
  [
    'all that is missing',
    { name: undefined, cronExpression: undefined, targetUrl: undefined },
    '/cronExpression /name /targetUrl',
  ],
  ['a cron that is none', { cronExpression: 'every day' }, '/cronExpression'],
  ['a day that never comes', { cronExpression: '0 0 30 2 *' }, '/cronExpression'],
  ['a zone that is none', { timezone: 'Mars/Olympus' }, '/timezone'],
  ['a private address', { targetUrl: 'https://127.0.0.1/' }, '/targetUrl'],
  [
    'words of another case',
    { overlapPolicy: 'skip', httpMethod: 'post', state: 'active' },
    '/httpMethod /overlapPolicy /state',
  ],
  ['numbers out of bounds', { retries: -1, retryDelaySeconds: -1 }, '/retries /retryDelaySeconds'],
  ['too many retries', { retries: 50 }, '/retries'],
  ['a body that is no text', { body: { scope: 1 } }, '/body'],
  ['a reserved header', { headers: { 'X-Cron-Signature': 'forged' } }, '/headers/X-Cron-Signature'],
  ['an unknown field', { cron: '* * * * *' }, '/cron'],
])('400 for %s', async (_name, change, pointers) => {
  expect(await faultsOf(call('POST', PATH, { ...JOB, ...change }))).toBe(pointers);
});

test.each([
  ['{"scope": "products", "n": 1.0}', 'json'],
  [' [1]\n', 'json'],
  ['{"scope": ', 'text'],
  ['scope=products', 'text'],
  ['42', 'text'],
  ['', 'text'],
])('the body %j is sent byte for byte, and calls itself %s', async (body, format) => {
  const job = await created({ body });
  expect((await stored(job)).run.payload).toEqual({ format, body });
  expect(await patched(job, { name: 'renamed' })).toMatchObject({ body });
  expect((await stored(job)).run.payload).toEqual({ format, body });
});

test('PATCH pauses and resumes', async () => {
  const job = await created();
  expect(await patched(job, { state: 'PAUSED' })).toMatchObject({ state: 'PAUSED', nextRunAt: null });
  expect(await patched(job, { state: 'ACTIVE' })).toMatchObject({ state: 'ACTIVE', nextRunAt: job.nextRunAt });
});

test('PATCH changes any field, and keeps the others', async () => {
  const job = await created({ retries: 2, retryDelaySeconds: 5 });
  const before = await shown(job);
  const changes = {
    name: 'Other',
    cronExpression: '0 9 * * *',
    timezone: 'Europe/Berlin',
    targetUrl: 'https://example.org/x',
    httpMethod: 'PUT',
    headers: { 'X-New': '1' },
    body: null,
    overlapPolicy: 'ALLOW',
    retries: 4,
    retryDelaySeconds: 9,
  };
  for (const [name, value] of Object.entries(changes)) {
    const old = await shown(job);
    const { nextRunAt: _next, updatedAt: _updated, [name]: changed, ...others } = await patched(job, { [name]: value });
    expect([name, changed]).toEqual([name, name === 'headers' ? { 'X-New': '***' } : value]);
    expect(old).toMatchObject(others);
  }
  expect(before.jobId).toBe((await shown(job)).jobId);
  expect((await stored(job)).run).toMatchObject({ max_attempts: 5, retry_policy: { base_delay_seconds: 9 } });
  expect(await faultsOf(call('PATCH', `${PATH}/${job.jobId}`, { name: null, colour: 'red', state: 'OFF' }))).toBe(
    '/colour /name /state',
  );
});

test('PATCH checks what it names alone', async () => {
  const job = await created();
  const { schedule } = await stored(job);
  const old = { name: 'a\u200b', end_at: NOW - 1_000, target: { ...schedule.target!, url: 'http://10.0.0.1/' } };
  await world.ports.schedules.putSchedule({ ...schedule, ...old, version: schedule.version + 1 });
  expect(await patched(job, { overlapPolicy: 'ALLOW', body: 'x', retries: 1 })).toMatchObject({
    overlapPolicy: 'ALLOW',
  });
  expect(await patched(job, { state: 'PAUSED' })).toMatchObject({ state: 'PAUSED', name: old.name });
  expect(await patched(job, { name: 'renamed', httpMethod: 'PUT' })).toMatchObject({
    state: 'PAUSED',
    name: 'renamed',
  });
  expect((await stored(job)).schedule).toMatchObject({ end_at: old.end_at, target: { ...old.target, method: 'PUT' } });
  expect(await faultsOf(call('PATCH', `${PATH}/${job.jobId}`, { state: 'ACTIVE' }))).toBe('/end_at');
  expect((await call('DELETE', `${PATH}/${job.jobId}`)).status).toBe(200);
});

test('PATCH leaves what this dialect has no word for', async () => {
  const retry_policy_id = world.addPolicy(project, { strategy: 'fixed', base_delay_seconds: 11, max_attempts: 3 });
  const target = { url: 'https://example.com/', timeout_ms: 1_234 };
  const given = {
    name: 'ours',
    cron: '0 3 * * *',
    target,
    retry_policy_id,
    jitter_seconds: 9,
    max_runs: 7,
    payload: { a: 1 },
  };
  const { body } = await call('POST', '/v1/schedules', given);
  expect(await shown({ jobId: body.id })).toMatchObject({ retries: 2, retryDelaySeconds: 11, body: '{"a":1}' });
  await patched({ jobId: body.id }, { name: 'theirs' });
  const { schedule } = await stored({ jobId: body.id });
  expect(schedule).toMatchObject({
    name: 'theirs',
    retry_policy_id,
    jitter_seconds: 9,
    max_runs: 7,
    target: { timeout_ms: 1_234 },
  });
  await patched({ jobId: body.id }, { retries: 0 });
  expect((await stored({ jobId: body.id })).schedule).not.toHaveProperty('retry_policy_id');
});

test('a PATCH by /v1 leaves what only this dialect knows; a policy that is named takes the place of the retries', async () => {
  const job = await created({ retries: 2, signPayloads: true });
  await call('PATCH', `/v1/schedules/${scheduleOf(job)}`, { name: 'renamed' });
  expect(await shown(job)).toMatchObject({ name: 'renamed', retries: 2, signPayloads: true });
  const retry_policy_id = world.addPolicy(project, { max_attempts: 8 });
  await call('PATCH', `/v1/schedules/${scheduleOf(job)}`, { retry_policy_id });
  expect(await shown(job)).toMatchObject({ retries: 7, signPayloads: true });
});

test("signPayloads keeps this request's API key, encrypted, until it is switched off", async () => {
  const job = await created({ signPayloads: true });
  const { run, schedule } = await stored(job);
  expect(JSON.stringify(schedule)).not.toContain(API_KEY);
  expect(decrypt(KEYRING, run.signing_key!, scheduleOf(job))).toBe(API_KEY);
  const keyId = (await shown(job)).signingKeyId;
  expect(keyId).toMatch(/^ak_/);
  expect((await call('GET', `/v1/schedules/${scheduleOf(job)}`)).body.signing_key_id).toBe(keyId);
  const other = { sent: `sk_${'b'.repeat(64)}`, key: { id: makeId('ak', NOW, Buffer.alloc(8, 1)) } };
  await call('PATCH', `${PATH}/${job.jobId}`, { name: 'by another key' }, other);
  await call('PATCH', `/v1/schedules/${scheduleOf(job)}`, { name: 'by /v1' }, other);
  expect((await stored(job)).schedule.signing_key).toBe(schedule.signing_key);
  expect((await shown(job)).signingKeyId).toBe(keyId);
  await call('PATCH', `${PATH}/${job.jobId}`, { signPayloads: true }, other);
  expect(decrypt(KEYRING, (await stored(job)).schedule.signing_key!, scheduleOf(job))).toBe(other.sent);
  expect((await shown(job)).signingKeyId).toBe(other.key.id);
  expect(await patched(job, { signPayloads: false })).toMatchObject({ signPayloads: false, signingKeyId: null });
  expect((await call('GET', `/v1/schedules/${scheduleOf(job)}`)).body).not.toHaveProperty('signing_key_id');
  expect((await stored(job)).schedule).not.toHaveProperty('signing_key');
  const signed = { sent: undefined };
  expect(await faultsOf(call('POST', PATH, { ...JOB, signPayloads: true }, signed))).toBe('/signPayloads');
  expect(await faultsOf(call('PATCH', `${PATH}/${job.jobId}`, { signPayloads: true }, signed))).toBe('/signPayloads');
});

test('a manual run is an execution at once', async () => {
  const job = await created();
  const { status, body } = await call('POST', `${PATH}/${job.jobId}/run`);
  expect(status).toBe(202);
  const start = {
    executionId: expect.stringMatching(/^ex_[0-9a-f]{32}$/),
    trigger: 'MANUAL',
    startedAt: '2027-01-15T08:00:00Z',
  };
  expect(body).toEqual({ status: 'OK', data: start });
  const { executions } = (await call('GET', `${PATH}/${job.jobId}/executions?limit=5`)).body.data;
  expect(executions).toEqual([{ ...body.data, durationMs: null, httpStatus: null, result: 'RUNNING' }]);
});

test('executions say how each run ended; what has not begun is none yet', async () => {
  const job = await created();
  const source = { type: 'schedule', id: scheduleOf(job) } as const;
  const timeout = { code: 'timeout_response', message: 'It did not answer in time.' };
  const failure = { last_status: 504, last_error: { code: 'http_504', message: 'It answered 504.' } };
  const ends = [
    [{ status: 'success', last_status: 200 }, 'SUCCESS', 200, 120],
    [{ status: 'dead_letter', ...failure }, 'FAILED', 504, 120],
    [{ status: 'dead_letter', last_error: timeout }, 'TIMED_OUT', null, 120],
    [{ status: 'retry_scheduled', due: NOW, ...failure, finished_at: undefined }, 'WAITING', 504, null],
    [{ status: 'cancelled', first_attempt: undefined }, 'CANCELLED', null, null],
    [{ status: 'skipped', first_attempt: undefined }, 'SKIPPED', null, null],
    [{ status: 'success', attempt: 2, later_attempts: ['att_2'], last_status: 200 }, 'SUCCESS', 200, 31_000],
  ] as const;
  for (const [index, [change]] of ends.entries()) {
    const definition = aRunOf(project, { source }, 1_000 * (index + 1));
    const parts: object = { first_attempt: anAttempt(definition, 1), finished_at: NOW + 31_000, ...change };
    const state = aState(definition, parts);
    await world.store([{ definition, state }]);
  }
  const fired = world.fires.at(-1)!;
  world.time.now = fired.due;
  await fire(world.ports, fired.token);
  const listed = async (query = '') =>
    (await call('GET', `${PATH}/${job.jobId}/executions${query}`)).body.data.executions;
  const executions = await listed();
  expect(executions.map(({ result, httpStatus, durationMs }: Json) => [result, httpStatus, durationMs])).toEqual(
    ends.map(([, ...rest]) => rest),
  );
  expect(executions[0]).toMatchObject({ startedAt: '2027-01-15T08:00:00Z', trigger: 'SCHEDULED' });
  expect(await listed('?limit=2')).toEqual(executions.slice(0, 2));
  world.time.now = fired.token.occurrence;
  expect((await listed())[0]).toMatchObject({ result: 'RUNNING', startedAt: '2027-01-15T08:05:00Z' });
});

test('lists go on by cursor, and know no schedule that is no job', async () => {
  const jobs: Json[] = [];
  for (let n = 0; n < 3; n += 1) {
    world.time.now += 1;
    jobs.unshift(await created({ name: `job ${n}` }));
    const endpoint = world.addEndpoint(project);
    await call('POST', '/v1/schedules', { name: 'not a job', cron: '0 3 * * *', endpoint_id: endpoint.id });
    const run_at = new Date(NOW + 60_000).toISOString();
    await call('POST', '/v1/schedules', { name: 'nor this', run_at, target: { url: 'https://example.com/' } });
  }
  const first = (await call('GET', `${PATH}?limit=2`)).body.data;
  expect(first.jobs).toEqual(jobs.slice(0, 2));
  const second = (await call('GET', `${PATH}?limit=2&cursor=${first.nextCursor}`)).body.data;
  expect(second).toEqual({ jobs: jobs.slice(2), nextCursor: null });
});

test('deleted, a job is gone; a schedule that is no job never was there', async () => {
  const job = await created();
  expect(await call('DELETE', `${PATH}/${job.jobId}`)).toMatchObject({
    status: 200,
    body: { status: 'OK', data: null },
  });
  const { body } = await call('POST', '/v1/schedules', {
    name: 'x',
    cron: '0 3 * * *',
    endpoint_id: world.addEndpoint(project).id,
  });
  for (const id of [job.jobId, body.id, 'x']) {
    await expect(call('GET', `${PATH}/${id}`)).rejects.toThrow(NotFoundError);
    await expect(call('PATCH', `${PATH}/${id}`, { name: 'x' })).rejects.toThrow(NotFoundError);
    await expect(call('DELETE', `${PATH}/${id}`)).rejects.toThrow(NotFoundError);
    await expect(call('POST', `${PATH}/${id}/run`)).rejects.toThrow(NotFoundError);
    await expect(call('GET', `${PATH}/${id}/executions`)).rejects.toThrow(NotFoundError);
  }
});

test('a deletion that died half-way is not shown, and is finished by the next one', async () => {
  const job = await created();
  const key = { project: project.id, schedule: scheduleOf(job) };
  const { clock } = await world.ports.schedules.find(key);
  await world.ports.schedules.renew(clock!, { ...clock!, gen: clock!.gen + 1, status: 'deleted' });
  await expect(shown(job)).rejects.toThrow(NotFoundError);
  expect((await call('GET', PATH)).body.data.jobs).toEqual([]);
  expect((await call('DELETE', `${PATH}/${job.jobId}`)).status).toBe(200);
  expect(await world.ports.schedules.find(key)).toEqual({});
});

test('ids are those of this dialect wherever it speaks; our own form of them is taken, too', async () => {
  const job = await created();
  const own = { jobId: scheduleOf(job) };
  expect(await shown(own)).toEqual(await shown(job));
  expect(await patched(own, { name: 'renamed' })).toMatchObject({ jobId: job.jobId, name: 'renamed' });
  const { executionId } = (await call('POST', `${PATH}/${own.jobId}/run`)).body.data;
  const { executions } = (await call('GET', `${PATH}/${own.jobId}/executions`)).body.data;
  expect(executions).toMatchObject([{ executionId }]);

  world.time.now += 1;
  await created();
  const { nextCursor } = (await call('GET', `${PATH}?limit=1`)).body.data;
  expect(nextCursor).toMatch(/^job_/);
  const rest = await call('GET', `${PATH}?cursor=${nextCursor}`);
  expect(rest.body.data.jobs).toMatchObject([{ jobId: job.jobId }]);
  const ownCursor = nextCursor.replace('job_', 'sch_');
  expect((await call('GET', `${PATH}?cursor=${ownCursor}`)).body).toEqual(rest.body);

  const run = executionId.replace('ex_', 'run_');
  for (const id of [executionId, run, uuidOf(run)]) {
    expect((await call('GET', `/v1/tasks/${id}`)).body).toMatchObject({ id: run });
    expect((await call('GET', `/v1/deliveries?task_id=${id}`)).body.data).toEqual([]);
  }
  expect((await call('PATCH', `/v1/schedules/${job.jobId}`, { name: 'by /v1' })).body.id).toBe(own.jobId);
  expect((await call('GET', `/v1/tasks?schedule_id=${job.jobId}`)).body.data).toMatchObject([{ id: run }]);

  // The run that executes holds the overlap lock, and the refusal names it.
  const key = { project: project.id, run };
  const { definition } = await world.ports.runs.find(key);
  await world.ports.runs.begin(key, aState(definition!, { status: 'running', lease: world.time.now + 60_000 }));
  const { clock } = await world.ports.schedules.find({ project: project.id, schedule: own.jobId });
  await world.ports.schedules.takeLock(clock!, run, 'claim');
  const refused = await call('POST', `${PATH}/${job.jobId}/run`).catch((error) => cronServiceError(problemOf(error)));
  expect(refused).toMatchObject({ status: 409, body: { message: expect.stringMatching(`^${executionId} `) } });
});

test('the word of a job travels to its runs; a schedule of /v1 keeps its own', async () => {
  expect((await stored(await created())).run).toMatchObject({ body_format: 'cron-service' });
  const { body } = await call('POST', '/v1/schedules', {
    name: 'x',
    cron: '0 3 * * *',
    target: { url: JOB.targetUrl },
  });
  await patched({ jobId: body.id }, { name: 'y' });
  expect((await stored({ jobId: body.id })).run).not.toHaveProperty('body_format');
  const job = await created();
  await call('PATCH', `/v1/schedules/${scheduleOf(job)}`, { name: 'z' });
  await patched(job, { retries: 1 });
  expect((await stored(job)).run).toMatchObject({ body_format: 'cron-service' });
});
