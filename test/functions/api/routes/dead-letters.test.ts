import { routes as bulkJobs } from '../../../../functions/api/routes/bulk-jobs.js';
import { routes } from '../../../../functions/api/routes/dead-letters.js';
import { ConflictError, NotFoundError } from '../../../../functions/primitives/faults.js';
import type { BulkToken } from '../../../../functions/protocol/rules/token.js';
import { performBulkPage } from '../../../../functions/protocol/runs/bulk-jobs.js';
import type { DeadLetter } from '../../../../functions/subjects/dead-letters/dead-letter.js';
import type { Project } from '../../../../functions/subjects/projects/project.js';
import { callRoute, type Json } from '../../../support/call-route.js';
import {
  aLetter,
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
beforeAll(async () => {
  world = await startPipelineWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  project = world.addProject(2);
  other = world.addProject();
  world.sent.length = 0;
  world.dispatched.length = 0;
});

const call = (method: 'GET' | 'POST', path: string, body?: unknown, more: object = {}) =>
  callRoute(routes, world.ports, { method, path, body, projects: [project], ...more });

/** A dead run as the deliverer leaves it. */
async function aDeadRun(
  change: Partial<DeadLetter> = {},
  owner = project,
  runChange: object = {},
): Promise<DeadLetter> {
  const definition = aRunOf(owner, runChange);
  const letter = aLetter(definition, change);
  await world.store([{ definition, state: aState(definition, { status: 'dead_letter', reason: letter.reason }) }]);
  await world.bury([letter]);
  return letter;
}

const current = async ({ project_id, run }: DeadLetter) =>
  (await world.ports.deadLetters.find({ project: project_id, run: run.id }))!;

describe('of an endpoint that was deleted', () => {
  const gone = 'ep_01890000000070008000000000000000';

  it('says so, in the list and by itself, whatever it died of', async () => {
    const { id: there } = world.addEndpoint(project);
    const dead = await aDeadRun({}, project, { endpoint_id: gone });
    const alive = await aDeadRun({}, project, { endpoint_id: there });
    const inline = await aDeadRun();
    const { data } = (await call('GET', '/v1/dead-letters')).body;
    const said = Object.fromEntries(data.map((row: Json) => [row.id, row.endpoint_deleted]));
    expect(said).toEqual({ [dead.id]: true, [alive.id]: false, [inline.id]: false });
    expect((await call('GET', `/v1/dead-letters/${dead.id}`)).body).toMatchObject({ endpoint_deleted: true });
    const resolved = await call('POST', `/v1/dead-letters/${dead.id}/resolve`, { note: 'gone' });
    expect(resolved.body).toMatchObject({ status: 'resolved', endpoint_deleted: true });
  });

  it('is not replayed, alone or with others, and stays open', async () => {
    const dead = await aDeadRun({}, project, { endpoint_id: gone });
    const replay = call('POST', `/v1/dead-letters/${dead.id}/replay`);
    await expect(replay).rejects.toThrow(ConflictError);
    await expect(replay).rejects.toThrow('Its endpoint was deleted');
    const { body } = await call('POST', '/v1/dead-letters/replay', {});
    await performBulkPage(world.ports, world.dispatched[0] as unknown as BulkToken);
    expect((await call('GET', `/v1/dead-letters/replays/${body.id}`)).body).toMatchObject({ replayed: 0 });
    expect(await current(dead)).toMatchObject({ status: 'open' });
    expect(world.sent).toHaveLength(0);
  });

  it('is finished by the repeat of a replay that was begun before', async () => {
    const { id } = world.addEndpoint(project);
    const pins = { seed: 'x', now: NOW };
    const dead = await aDeadRun({}, project, { endpoint_id: id });
    const replay = () => call('POST', `/v1/dead-letters/${dead.id}/replay`, undefined, { pins });
    expect((await replay()).status).toBe(202);
    world.removeEndpoint(project, id);
    expect((await replay()).status).toBe(202);
  });
});

it('lists without payloads, and shows one with its payload and last attempt', async () => {
  const letter = await aDeadRun({}, project, { title: 'Trial expiry' });
  await aDeadRun({ status: 'resolved', note: 'seen' });
  await aDeadRun({}, other);
  const { body } = await call('GET', '/v1/dead-letters?status=open&reason=attempts_exhausted');
  expect(body.data).toHaveLength(1);
  const row = {
    id: letter.id,
    project_id: project.id,
    task_id: letter.run.id,
    name: 'Trial expiry',
    endpoint_id: null,
    endpoint_deleted: false,
    reason: 'attempts_exhausted',
    status: 'open',
    attempt_count: 1,
    last_attempt: expect.objectContaining({ task_id: letter.run.id, status: 'failed' }),
    created_at: new Date(NOW).toISOString(),
    note: null,
  };
  expect(body.data[0]).toEqual(row);
  expect((await call('GET', `/v1/dead-letters/${letter.id}`)).body).toEqual({ ...row, payload: { a: 1 } });
  expect((await call('GET', '/v1/dead-letters')).body.data).toHaveLength(2);
});

it('replays one: the same run goes on', async () => {
  const letter = await aDeadRun();
  const path = `/v1/dead-letters/${letter.id}/replay`;
  const pins = { seed: 'first', now: NOW };
  const { status, location, body } = await call('POST', path, undefined, { pins });
  expect({ status, location }).toEqual({ status: 202, location: `/v1/tasks/${letter.run.id}` });
  expect(body).toMatchObject({
    id: letter.run.id,
    status: 'pending',
    attempt_count: 1,
    max_attempts: 7,
    finished_at: null,
  });
  expect(world.sent).toMatchObject([{ token: { run: letter.run.id, attempt: 2 }, due: NOW }]);
  expect(await current(letter)).toMatchObject({ status: 'replayed' });
  // A repeat of the same request, whose answer was lost, finishes its work; any other request comes too late.
  expect((await call('POST', path, undefined, { pins })).status).toBe(202);
  await expect(call('POST', path)).rejects.toThrow(ConflictError);
});

it('replays a dead letter whose run has expired', async () => {
  const definition = aRunOf(project, { expires_at: NOW - DAY });
  const letter = aLetter(definition, { attempt: 6 });
  await world.bury([letter]);
  const { body } = await call('POST', `/v1/dead-letters/${letter.id}/replay`);
  expect(body).toMatchObject({ status: 'pending', attempt_count: 6, max_attempts: 12, payload: { a: 1 } });
  expect(
    (await world.ports.runs.find({ project: project.id, run: definition.id })).definition?.expires_at,
  ).toBeGreaterThan(NOW);
});

it('resolves one with a note, once', async () => {
  const letter = await aDeadRun();
  const path = `/v1/dead-letters/${letter.id}/resolve`;
  const pins = { seed: 'first', now: NOW + 5 };
  const note = 'Erledigt 🎉';
  expect((await call('POST', path, { note }, { pins })).body).toMatchObject({ status: 'resolved', note });
  expect((await call('POST', path, { note }, { pins })).status).toBe(200);
  await expect(call('POST', path, { note })).rejects.toThrow(ConflictError);
  await expect(call('POST', `/v1/dead-letters/${letter.id}/replay`)).rejects.toThrow(ConflictError);
  expect(world.sent).toEqual([]);
});

it.each([{}, { note: '' }, { note: 1 }, { note: 'x'.repeat(2_001) }])('refuses to resolve with %j', async (body) => {
  const letter = await aDeadRun();
  const asked = call('POST', `/v1/dead-letters/${letter.id}/resolve`, body);
  await expect(asked).rejects.toMatchObject({ faults: [{ pointer: '/note' }] });
});

it('knows no dead letter of another project, and none of a wrong form', async () => {
  const letter = await aDeadRun({}, other);
  for (const id of [letter.id, letter.run.id, 'dl_1']) {
    await expect(call('GET', `/v1/dead-letters/${id}`)).rejects.toThrow(NotFoundError);
    await expect(call('POST', `/v1/dead-letters/${id}/replay`)).rejects.toThrow(NotFoundError);
    await expect(call('POST', `/v1/dead-letters/${id}/resolve`, { note: 'x' })).rejects.toThrow(NotFoundError);
  }
  expect((await current(letter)).status).toBe('open');
});

describe('bulk replay', () => {
  it('sends its token, then can be followed to the end', async () => {
    const endpoint_id = world.addEndpoint(project).id;
    const wanted = await Promise.all(Array.from({ length: 12 }, () => aDeadRun({}, project, { endpoint_id })));
    const others = [
      await aDeadRun(),
      await aDeadRun({ reason: 'given_up' }, project, { endpoint_id }),
      await aDeadRun({ created_at: NOW - 2 * DAY }, project, { endpoint_id }),
      await aDeadRun({ created_at: NOW + 1 }, project, { endpoint_id }),
    ];
    const { status, location, body } = await call('POST', '/v1/dead-letters/replay', {
      endpoint_id,
      reason: 'attempts_exhausted',
      since: new Date(NOW - DAY).toISOString(),
      until: NOW / 1000 + 3_600,
    });
    expect(status).toBe(202);
    expect(body).toMatchObject({ status: 'running', replayed: 0, until: new Date(NOW).toISOString() });
    expect((await call('GET', location!)).body).toEqual(body);
    await expect(call('GET', location!, undefined, { projects: [other] })).rejects.toThrow(NotFoundError);

    while (world.dispatched.length > 0) await performBulkPage(world.ports, world.dispatched.shift() as BulkToken);
    expect((await call('GET', location!)).body).toMatchObject({ status: 'completed', replayed: 12 });
    for (const letter of wanted) expect(await current(letter)).toMatchObject({ status: 'replayed', bulk_id: body.id });
    for (const letter of others) expect((await current(letter)).status).toBe('open');
  });

  it('is one job when the request is repeated', async () => {
    const pins = { seed: 'k', now: NOW };
    const first = await call('POST', '/v1/dead-letters/replay', {}, { pins });
    expect((await call('POST', '/v1/dead-letters/replay', {}, { pins })).body).toEqual(first.body);
    expect(world.dispatched).toHaveLength(2);
  });

  it.each([
    [{ reason: 'bad luck' }, '/reason'],
    [{ since: 200, until: 100 }, '/since'],
    [{ since: 'yesterday' }, '/since'],
    [{ endpoint_id: 'ep_0123' }, '/endpoint_id'],
    [{ everything: true }, '/everything'],
  ])('refuses %j', async (body, pointer) => {
    const asked = call('POST', '/v1/dead-letters/replay', body);
    await expect(asked).rejects.toMatchObject({ faults: [{ pointer }] });
    expect(world.dispatched).toEqual([]);
  });

  it('refuses another project’s endpoint', async () => {
    const asked = call('POST', '/v1/dead-letters/replay', { endpoint_id: world.addEndpoint(other).id });
    await expect(asked).rejects.toMatchObject({ faults: [{ pointer: '/endpoint_id' }] });
  });
});

describe('bulk replay and resolution', () => {
  const work = async () => {
    while (world.dispatched.length > 0) await performBulkPage(world.ports, world.dispatched.shift() as BulkToken);
  };

  it('counts alone in a dry run, and begins nothing', async () => {
    const endpoint_id = world.addEndpoint(project).id;
    await aDeadRun({}, project, { endpoint_id });
    await aDeadRun({ status: 'resolved' }, project, { endpoint_id });
    for (const path of ['replay', 'resolve']) {
      const wanted = { endpoint_id, dry_run: true, ...(path === 'resolve' && { note: 'x' }) };
      const { status, body } = await call('POST', `/v1/dead-letters/${path}`, wanted);
      expect([status, body]).toEqual([200, { dry_run: true, count: 1, is_complete: true }]);
    }
    expect(world.dispatched).toEqual([]);
  });

  it('takes ids: only these are replayed', async () => {
    const [one, two, theirs] = [await aDeadRun(), await aDeadRun(), await aDeadRun({}, other)];
    const { location } = await call('POST', '/v1/dead-letters/replay', { ids: [one.id, theirs.id] });
    await work();
    expect((await call('GET', location!)).body).toMatchObject({ status: 'completed', replayed: 1 });
    const statuses = await Promise.all([one, two, theirs].map(async (letter) => (await current(letter)).status));
    expect(statuses).toEqual(['replayed', 'open', 'open']);
  });

  it('resolves with a note, and is followed at its own address', async () => {
    const endpoint_id = world.addEndpoint(project).id;
    const letter = await aDeadRun({}, project, { endpoint_id });
    const { location, body } = await call('POST', '/v1/dead-letters/resolve', { endpoint_id, note: 'refunded' });
    expect([location, body.action]).toEqual([`/v1/bulk-jobs/${body.id}`, 'resolve']);
    await work();
    expect(await current(letter)).toMatchObject({ status: 'resolved', note: 'refunded' });
    const show = (more = {}) =>
      callRoute(bulkJobs, world.ports, { method: 'GET', path: location!, projects: [project], ...more });
    expect((await show()).body).toEqual({ ...body, status: 'completed', done: 1 });
    await expect(show({ projects: [other] })).rejects.toThrow(NotFoundError);
    await expect(call('GET', `/v1/dead-letters/replays/${body.id}`)).rejects.toThrow(NotFoundError);
  });

  it.each([
    [{ note: 'x' }, '/ids'],
    [{ note: 'x', ids: ['dl_0123'] }, '/ids/0'],
    [{ note: 'x', ids: ['dl_01890000000070008000000000000000'], reason: 'given_up' }, '/ids'],
    [{ reason: 'given_up' }, '/note'],
  ])('refuses to resolve %j', async (body, pointer) => {
    const asked = call('POST', '/v1/dead-letters/resolve', body);
    await expect(asked).rejects.toMatchObject({ faults: [{ pointer }] });
  });
});

describe('replay in all projects', () => {
  const replayAll = (query: string, body: object = {}) => call('POST', `/v1/dead-letters/replay-all${query}`, body);
  /** Those of this test, of all that a page or more of projects answers. */
  async function begun(body: object = {}): Promise<Json[]> {
    const jobs: Json[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { status, body: page }: Json = await replayAll(`?page_size=2${cursor && `&cursor=${cursor}`}`, body);
      expect([status, page.page_size]).toEqual([200, 2]);
      jobs.push(...page.data);
      cursor = page.next_cursor;
    }
    return jobs.filter(({ project_id }) => [project.id, other.id].includes(project_id));
  }

  it('begins one in each project that has open dead letters, and in no other', async () => {
    const [mine, theirs] = [await aDeadRun(), await aDeadRun({}, other)];
    const closed = world.addProject();
    await aDeadRun({ status: 'resolved' }, closed);
    const jobs = await begun();
    expect(jobs.map(({ project_id }) => project_id).sort()).toEqual([project.id, other.id].sort());
    expect(world.dispatched.filter((token) => (token as Json).project === closed.id)).toEqual([]);
    for (const token of world.dispatched) await performBulkPage(world.ports, token as unknown as BulkToken);
    expect([await current(mine), await current(theirs)]).toMatchObject([
      { status: 'replayed' },
      { status: 'replayed' },
    ]);
  });

  it('replays what fits alone', async () => {
    await aDeadRun({ reason: 'blocked' });
    await aDeadRun({ reason: 'worker_failure' }, other);
    expect(await begun({ reason: 'worker_failure' })).toMatchObject([
      { project_id: other.id, reason: 'worker_failure' },
    ]);
    expect(await begun({ since: new Date(NOW + DAY).toISOString() })).toEqual([]);
  });

  it('answers the one that runs when it is repeated, beyond the quota of the project', async () => {
    await aDeadRun();
    const ids = async (body: object) => (await begun(body)).map(({ id }) => id);
    const [first] = await ids({});
    expect(await ids({})).toEqual([first]);
    for (let n = 1; n < 6; n++) expect(await ids({ until: new Date(NOW + n * 1_000).toISOString() })).toHaveLength(1);
  });
});
