import { routes } from '../../../../functions/api/routes/tasks.js';
import { ConflictError, InvalidRequestError, NotFoundError } from '../../../../functions/primitives/faults.js';
import type { BulkToken } from '../../../../functions/protocol/rules/token.js';
import { performBulkPage } from '../../../../functions/protocol/runs/bulk-jobs.js';
import { logger } from '../../../../functions/runtime/logger.js';
import type { Endpoint } from '../../../../functions/subjects/endpoints/endpoint.js';
import type { Project } from '../../../../functions/subjects/projects/project.js';
import { callRoute, type Json } from '../../../support/call-route.js';
import {
  aLetter,
  anAttempt,
  aRunOf,
  aState,
  DAY,
  NOW,
  type PipelineWorld,
  startPipelineWorld,
} from '../../../support/pipeline-world.js';

let world: PipelineWorld;
let project: Project;
let other: Project;
let endpoint: Endpoint;
let foreign: Endpoint;

beforeAll(async () => {
  world = await startPipelineWorld();
  project = world.addProject(4);
  other = world.addProject();
  endpoint = world.addEndpoint(project, { timeout_ms: 60_000 });
  foreign = world.addEndpoint(other);
});
afterAll(() => world.close());
beforeEach(() => {
  world.sent.length = 0;
  world.time.now = NOW;
});

const target = { url: 'https://example.com/hook' };
const ISO = new Date(NOW).toISOString();

const call = (method: 'GET' | 'POST', path: string, body?: unknown, more: object = {}) =>
  callRoute(routes, world.ports, { method, path, body, projects: [project], ...more });

describe('POST /v1/tasks', () => {
  it('sends the token to the lane of the endpoint, keeps the run, and answers it', async () => {
    const { status, location, body } = await call('POST', '/v1/tasks', {
      name: 'Trial “expiry” 🎉',
      endpoint_id: endpoint.id,
      payload: { text: 'Zürich 🎉\u0000' },
      delay_seconds: 60,
    });
    expect({ status, location }).toEqual({ status: 201, location: `/v1/tasks/${body.id}` });
    expect(body).toEqual({
      id: expect.stringMatching(/^run_[0-9a-f]{32}$/),
      project_id: project.id,
      name: 'Trial “expiry” 🎉',
      labels: {},
      status: 'pending',
      endpoint_id: endpoint.id,
      source: { type: 'api', id: null },
      payload: { text: 'Zürich 🎉\u0000' },
      redacted_at: null,
      run_at: new Date(NOW + 60_000).toISOString(),
      attempt_count: 0,
      max_attempts: 6,
      next_attempt_at: new Date(NOW + 60_000).toISOString(),
      created_at: ISO,
      finished_at: null,
    });
    expect(world.sent).toMatchObject([{ lane: 'slow', due: NOW + 60_000, token: { run: body.id, attempt: 1 } }]);
    const stored = (await call('GET', location!)).body;
    expect(stored).toEqual({ ...body, attempts: [] });
    const { payload: _payload, redacted_at: _redacted, ...row } = body;
    expect((await call('GET', '/v1/tasks')).body.data[0]).toEqual(row);
  });

  it('spreads runs over the shards, and repeats itself under the same pins', async () => {
    const pins = { seed: 'one', now: NOW - 500 };
    const first = await call('POST', '/v1/tasks', { target, payload: 'x' }, { pins });
    const again = await call('POST', '/v1/tasks', { target, payload: 'x' }, { pins });
    expect(again).toEqual(first);
    expect(world.sent.map(({ token }) => token.run)).toEqual([first.body.id, first.body.id]);
    const ids = await Promise.all(
      Array.from({ length: 40 }, async () => (await call('POST', '/v1/tasks', { target })).body.id as string),
    );
    expect(new Set(ids.map((id) => id.slice(-19, -16)))).toEqual(new Set(['000', '001', '002', '003']));
  });

  it('takes a task for a disabled endpoint: nothing vanishes', async () => {
    const disabled = world.addEndpoint(project, { status: 'disabled' });
    expect((await call('POST', '/v1/tasks', { endpoint_id: disabled.id })).status).toBe(201);
    expect(world.sent).toHaveLength(1);
  });

  it('keeps a payload of 256 KB that no compression makes small', async () => {
    const payload = Array.from(
      { length: 256 * 1024 },
      () => 'abcdefghijklmnopqrstuvwxyz0123456789-_ABCDEFGHIJK'[Math.floor(Math.random() * 49)],
    ).join('');
    const { body } = await call('POST', '/v1/tasks', { target, payload });
    expect((await call('GET', `/v1/tasks/${body.id}`)).body.payload).toBe(payload);
  });

  it.each([
    ['another project’s endpoint', () => ({ endpoint_id: foreign.id }), '/endpoint_id'],
    ['an endpoint that is none', () => ({ endpoint_id: endpoint.id.replace('ep_', 'rp_') }), '/endpoint_id'],
    ['an unknown field', () => ({ target, color: 1 }), '/color'],
    ['a target in a private network', () => ({ target: { url: 'https://192.168.1.1/' } }), '/target/url'],
    ['a target without TLS', () => ({ target: { url: 'http://example.com/' } }), '/target/url'],
    [
      'a header of ours',
      () => ({ target: { ...target, headers: { 'webhook-id': 'x' } } }),
      '/target/headers/webhook-id',
    ],
    ['a past time', () => ({ target, run_at: NOW / 1000 - 60 }), '/run_at'],
  ])('refuses %s', async (_name, body, pointer) => {
    await expect(call('POST', '/v1/tasks', body())).rejects.toMatchObject({
      name: 'InvalidRequestError',
      faults: [{ pointer }],
    });
    expect(world.sent).toEqual([]);
  });

  it('has an operator name the project', async () => {
    const asked = call('POST', '/v1/tasks', { target }, { projects: [project, other] });
    await expect(asked).rejects.toThrow(InvalidRequestError);
  });
});

describe('POST /v1/tasks/batch', () => {
  it('gives each entry its own result, in order', async () => {
    const tasks = [
      { target, payload: 1 },
      { target, run_at: 1 },
      'nonsense',
      { endpoint_id: endpoint.id },
      { endpoint_id: foreign.id },
    ];
    const { status, body } = await call('POST', '/v1/tasks/batch', { tasks });
    expect(status).toBe(200);
    expect(body.data.map((result: Json) => result.status)).toEqual([201, 400, 400, 201, 400]);
    expect(body.data[0].task).not.toHaveProperty('payload');
    expect(body.data[1].error).toMatchObject({
      status: 400,
      code: 'invalid_request',
      request_id: 'request-1',
      errors: [{ pointer: '/run_at' }],
    });
    expect(body.data[4].error.errors).toMatchObject([{ pointer: '/endpoint_id' }]);
    const created = [body.data[0].task.id, body.data[3].task.id];
    expect(world.sent.map(({ token }) => token.run).sort()).toEqual(created.sort());
  });

  it('draws the same ids for the same positions when it is repeated', async () => {
    const pins = { seed: 'batch', now: NOW };
    const tasks = Array.from({ length: 100 }, (_, index) => ({ target, payload: index }));
    const first = await call('POST', '/v1/tasks/batch', { tasks }, { pins });
    const again = await call('POST', '/v1/tasks/batch', { tasks }, { pins });
    expect(again.body).toEqual(first.body);
    expect(new Set(first.body.data.map((result: Json) => result.task.id)).size).toBe(100);
  });

  it('reads an endpoint once, however many entries name it', async () => {
    let reads = 0;
    const config = {
      ...world.ports.config,
      endpoint: (owner: string, id: string) => {
        reads += 1;
        return world.ports.config.endpoint(owner, id);
      },
    };
    const tasks = Array.from({ length: 30 }, () => ({ endpoint_id: endpoint.id }));
    const ports = { ...world.ports, config };
    await callRoute(routes, ports, { method: 'POST', path: '/v1/tasks/batch', body: { tasks }, projects: [project] });
    expect(reads).toBe(1);
  });

  it('hides what went wrong on our side behind an entry, and fails when all of it did', async () => {
    jest.spyOn(logger, 'error').mockImplementation(() => {});
    let sends = 0;
    const sendToLane = async () => {
      sends += 1;
      if (sends !== 2) throw new Error('secret detail');
    };
    const ports = { ...world.ports, wakeUps: { ...world.ports.wakeUps, sendToLane } };
    const send = (count: number) =>
      callRoute(routes, ports, {
        method: 'POST',
        path: '/v1/tasks/batch',
        body: { tasks: Array(count).fill({ target }) },
        projects: [project],
      });
    const { body, isUnfinished } = (await send(2)) as Json;
    expect(isUnfinished).toBe(true);
    expect(body.data.map((result: Json) => result.status)).toEqual([500, 201]);
    expect(JSON.stringify(body)).not.toContain('secret detail');
    await expect(send(2)).rejects.toThrow('every entry');
  });

  it.each([[[]], [Array(101).fill({ target })], ['x'], [undefined]])('refuses a batch such as %#', async (tasks) => {
    await expect(call('POST', '/v1/tasks/batch', { tasks })).rejects.toMatchObject({ faults: [{ pointer: '/tasks' }] });
  });
});

describe('GET /v1/tasks', () => {
  it('lists the project’s runs page by page, each once, without payloads', async () => {
    const own = world.addProject(2);
    const runs = Array.from({ length: 1_050 }, (_, index) => aRunOf(own, {}, index));
    await world.store(runs.map((definition) => ({ definition })));
    const projects = [own];
    const second = await call('GET', '/v1/tasks?page=2&page_size=10', undefined, { projects });
    expect(second.body.data.map(({ id }: Json) => id)).toEqual(runs.slice(10, 20).map(({ id }) => id));
    expect(second.body).toMatchObject({ page: 2, page_size: 10, next_cursor: runs[19]!.id });
    expect(second.body.data[0]).not.toHaveProperty('payload');

    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: string = cursor ? `&cursor=${cursor}` : '';
      const { body }: Json = await call('GET', `/v1/tasks?page_size=100${query}`, undefined, { projects });
      seen.push(...body.data.map(({ id }: Json) => id));
      cursor = body.next_cursor;
    }
    expect(seen).toEqual(runs.map(({ id }) => id));
  });

  it('filters, also for an operator who sees several projects', async () => {
    const [one, two] = [world.addProject(), world.addProject()];
    const done = aRunOf(one, {}, 2);
    const waiting = aRunOf(two, {}, 1);
    await world.store([
      { definition: done, state: aState(done, { status: 'success', finished_at: NOW }) },
      { definition: waiting, state: aState(waiting, { status: 'retry_scheduled', due: NOW + 30_000 }) },
    ]);
    const list = async (query: string, projects = [one, two]) =>
      (await call('GET', `/v1/tasks${query}`, undefined, { projects })).body.data;
    expect((await list('')).map(({ id }: Json) => id)).toEqual([waiting.id, done.id]);
    expect(await list('?status=success')).toMatchObject([{ id: done.id, finished_at: ISO, next_attempt_at: null }]);
    expect(await list('?status=retry_scheduled')).toMatchObject([
      { id: waiting.id, next_attempt_at: new Date(NOW + 30_000).toISOString(), attempt_count: 1 },
    ]);
    expect(await list('?status=success', [two])).toEqual([]);
  });

  it.each(['status=done', 'endpoint_id=ep_1', 'colour=red', 'page_size=101', 'cursor=x', 'page=0'])(
    'refuses ?%s',
    async (query) => {
      const [name] = query.split('=');
      await expect(call('GET', `/v1/tasks?${query}`)).rejects.toMatchObject({ faults: [{ pointer: name }] });
    },
  );
});

describe('GET /v1/tasks/{id} and cancel', () => {
  it('shows all recorded attempts, oldest first', async () => {
    const definition = aRunOf(project, { payload: { format: 'text', body: 'as given' } });
    const later = [2, 3].map((attempt) => anAttempt(definition, attempt));
    const state = aState(definition, {
      status: 'success',
      attempt: 3,
      first_attempt: anAttempt(definition, 1),
      later_attempts: later.map(({ id }) => id),
    });
    await world.store([{ definition, state, later }]);
    const { body } = await call('GET', `/v1/tasks/${definition.id}`);
    expect(body).toMatchObject({
      payload: 'as given',
      attempt_count: 3,
      attempts: [{ attempt: 1 }, { attempt: 2 }, { attempt: 3 }],
    });
    expect(body.attempts[0]).toMatchObject({ task_id: definition.id, latency_ms: 120, error: { code: 'http_503' } });
  });

  it('still shows an expired run from its dead letter, but cannot cancel it', async () => {
    const definition = aRunOf(project, { expires_at: NOW - DAY });
    await world.store([{ definition }]);
    await world.bury([aLetter(definition, { attempt: 6 })]);
    const { body } = await call('GET', `/v1/tasks/${definition.id}`);
    expect(body).toMatchObject({
      status: 'dead_letter',
      payload: { a: 1 },
      attempt_count: 6,
      attempts: [{ status: 'failed' }],
    });
    await expect(call('POST', `/v1/tasks/${definition.id}/cancel`)).rejects.toThrow(ConflictError);
  });

  it('cancels a waiting run, again without harm, and not one that ended', async () => {
    const waiting = aRunOf(project);
    const done = aRunOf(project);
    await world.store([{ definition: waiting }, { definition: done, state: aState(done, { status: 'success' }) }]);
    const cancelled = {
      status: 200,
      body: { id: waiting.id, status: 'cancelled', finished_at: ISO, next_attempt_at: null },
    };
    expect(await call('POST', `/v1/tasks/${waiting.id}/cancel`)).toMatchObject(cancelled);
    expect(await call('POST', `/v1/tasks/${waiting.id}/cancel`)).toMatchObject(cancelled);
    expect(world.disarmed).toContain(`${waiting.id} 1`);
    await expect(call('POST', `/v1/tasks/${done.id}/cancel`)).rejects.toThrow(ConflictError);
  });

  it('knows no run of another project, and none of a wrong form', async () => {
    const definition = aRunOf(other);
    await world.store([{ definition }]);
    for (const id of [definition.id, 'run_1', 'batch', `${definition.id}%23s`, definition.id.replace('run', 'dl')]) {
      await expect(call('GET', `/v1/tasks/${id}`)).rejects.toThrow(NotFoundError);
      await expect(call('POST', `/v1/tasks/${id}/cancel`)).rejects.toThrow(NotFoundError);
    }
  });
});

describe('POST /v1/tasks/cancel', () => {
  const cancel = (body: object) => call('POST', '/v1/tasks/cancel', body);
  const work = async () => {
    while (world.dispatched.length > 0) await performBulkPage(world.ports, world.dispatched.shift() as BulkToken);
  };
  const statusOf = async (id: string) => (await call('GET', `/v1/tasks/${id}`)).body.status;
  const waiting = async (more: object = {}) =>
    (await call('POST', '/v1/tasks', { target, delay_seconds: 3_600, ...more })).body.id as string;

  it('cancels what has the labels, and nothing that was made later', async () => {
    const labels = { customer: 'bulk' };
    const [one, two] = [await waiting({ labels }), await waiting({ labels: { ...labels, team: 'a' } })];
    const others = [await waiting(), await waiting({ labels: { customer: 'other' } })];
    expect((await cancel({ labels, dry_run: true })).body).toEqual({ dry_run: true, count: 2, is_complete: true });
    const { status, location, body } = await cancel({ labels });
    expect([status, location, body.action]).toEqual([202, `/v1/bulk-jobs/${body.id}`, 'cancel']);
    world.time.now += 1;
    others.push(await waiting({ labels }));
    await work();
    expect(await world.ports.bulkJobs.find(project.id, body.id)).toMatchObject({ status: 'completed', done: 2 });
    expect([await statusOf(one), await statusOf(two)]).toEqual(['cancelled', 'cancelled']);
    for (const id of others) expect(await statusOf(id)).toBe('pending');
    expect((await cancel({ labels, dry_run: true })).body).toMatchObject({ count: 1 });
  });

  it('takes ids, and leaves what has ended', async () => {
    const ended = aRunOf(project);
    await world.store([{ definition: ended, state: aState(ended, { status: 'success', finished_at: NOW }) }]);
    const id = await waiting();
    await cancel({ ids: [id, ended.id] });
    await work();
    expect([await statusOf(id), await statusOf(ended.id)]).toEqual(['cancelled', 'success']);
  });

  it.each([
    [{}, '/ids'],
    [{ ids: ['run_01890000000070008000000000000000'], labels: { a: 'b' } }, '/ids'],
    [{ endpoint_id: 'ep_01890000000070008000000000000000' }, '/endpoint_id'],
  ])('refuses %j', async (body, pointer) => {
    await expect(cancel(body)).rejects.toMatchObject({ faults: [{ pointer }] });
  });
});

describe('GET /v1/tasks/{id}/wait', () => {
  const sleeping = (onSleep: (slept: number) => void | Promise<void> = () => {}) => {
    const slept: number[] = [];
    const sleep = async (ms: number) => {
      slept.push(ms);
      world.time.now += ms;
      await onSleep(slept.length);
    };
    return { slept, ports: { ...world.ports, clock: { now: () => world.time.now, sleep } } };
  };
  const wait = (ports: typeof world.ports, id: string, query = '') =>
    callRoute(routes, ports, { method: 'GET', path: `/v1/tasks/${id}/wait${query}`, projects: [project] });
  const aTask = async () => (await call('POST', '/v1/tasks', { target, delay_seconds: 9 })).body.id as string;

  it('answers when the run has ended', async () => {
    const id = await aTask();
    const { ports, slept } = sleeping(async (times) => {
      if (times === 3) await call('POST', `/v1/tasks/${id}/cancel`);
    });
    expect((await wait(ports, id)).body).toMatchObject({ id, status: 'cancelled', attempts: [] });
    expect(slept).toEqual([100, 200, 400]);
    expect(await ports.claims.held(project.id, 'waits')).toEqual([]);
    await wait(ports, id);
    expect(slept).toHaveLength(3);
  });

  it('answers the run as it is when the time is up', async () => {
    const { ports, slept } = sleeping();
    expect((await wait(ports, await aTask(), '?timeout_seconds=2')).body.status).toBe('pending');
    expect(slept.reduce((sum, ms) => sum + ms)).toBe(2_000);
    await expect(wait(ports, await aTask(), '?timeout_seconds=5')).rejects.toThrow(InvalidRequestError);
  });

  it('does not wait while five requests of the project do, and forgets those that died', async () => {
    const id = await aTask();
    const until = NOW + 4_500;
    const held = [1, 2, 3, 4, 5].map((n) => ({ id: `${n}`, name: `${n}`, until }));
    await world.ports.claims.change(project.id, 'waits', () => held);
    const { ports, slept } = sleeping();
    expect((await wait(ports, id)).body.status).toBe('pending');
    expect(slept).toEqual([]);
    world.time.now = until;
    await wait(ports, id);
    expect(slept.length).toBeGreaterThan(0);
  });
});
