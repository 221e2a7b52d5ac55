import { routes } from '../../../../functions/api/routes/feed.js';
import { routes as taskRoutes } from '../../../../functions/api/routes/tasks.js';
import { InvalidRequestError } from '../../../../functions/primitives/faults.js';
import type { Project } from '../../../../functions/subjects/projects/project.js';
import { callRoute, type Json } from '../../../support/call-route.js';
import {
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

beforeAll(async () => {
  world = await startPipelineWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.time.now = NOW;
  project = world.addProject(2);
});

const read = async (query: string, ports = world.ports, projects = [project]) => {
  const { body, headers } = await callRoute(routes, ports, { method: 'GET', path: `/v1/feed?${query}`, projects });
  expect(headers).toEqual({ 'content-type': 'application/x-ndjson; charset=utf-8' });
  const all: Json[] = body
    .trimEnd()
    .split('\n')
    .map((line: string) => JSON.parse(line));
  return { lines: all.slice(0, -1), page: all.at(-1) };
};
const short = ({ type, version, data: { id, status } }: Json) =>
  [type, id, status, version].filter((part) => part !== undefined);
const newTask = async (body: object = {}) => {
  const sent = { target: { url: 'https://example.com/hook' }, delay_seconds: 9, ...body };
  return (
    await callRoute(taskRoutes, world.ports, { method: 'POST', path: '/v1/tasks', body: sent, projects: [project] })
  ).body;
};
const cancel = (id: string) =>
  callRoute(taskRoutes, world.ports, { method: 'POST', path: `/v1/tasks/${id}/cancel`, projects: [project] });

test('a run is told when it is accepted, and after each change, with its attempts', async () => {
  const { id } = await newTask();
  const first = await read('');
  expect(first.lines.map(short)).toEqual([['task_run', id, 'pending', 0]]);
  expect(first.page).toEqual({ type: 'page', data: { cursor: expect.any(String), more: false } });
  const next = await read(`cursor=${first.page.data.cursor}`);
  expect(next.lines).toEqual([]);

  const definition = aRunOf(project, {}, -1);
  const attempt = anAttempt(definition, 1);
  const second = anAttempt(definition, 2);
  const retried = { status: 'retry_scheduled', first_attempt: attempt } as const;
  await world.store([{ definition, state: aState(definition, { ...retried, later_attempts: [second.id] }) }]);
  await world.ports.runs.putAttempt(second, NOW + DAY);
  await cancel(id);
  world.time.now += 3_000;
  const changed = await read(`cursor=${next.page.data.cursor}`);
  expect(changed.lines.map(short)).toEqual([
    ['task_run', id, 'cancelled', 1],
    ['delivery_attempt', attempt.id, 'failed'],
    ['delivery_attempt', second.id, 'failed'],
    ['task_run', definition.id, 'retry_scheduled', 1],
  ]);
  expect((await read(`cursor=${changed.page.data.cursor}`)).lines).toEqual([]);
});

test('begins a minute ago, or at a moment', async () => {
  const runs = [30_000, 90_000].map((age) => aRunOf(project, {}, age));
  await world.store(runs.map((definition) => ({ definition })));
  expect((await read('')).lines.map(({ data }) => data.id)).toEqual([runs[0]!.id]);
  const since = new Date(NOW - 90_000).toISOString();
  expect((await read(`since=${since}`)).lines.map(({ data }) => data.id)).toEqual([runs[1]!.id, runs[0]!.id]);
});

test('goes on page after page', async () => {
  const runs = Array.from({ length: 120 }, (_, n) => aRunOf(project, {}, 50_000 - n));
  await world.store(runs.map((definition) => ({ definition })));
  const found: string[] = [];
  for (let cursor = '', more = true; more; ) {
    const { lines, page } = await read(cursor && `cursor=${cursor}`);
    found.push(...lines.map(({ data }) => data.id));
    ({ cursor, more } = page.data);
  }
  expect(found).toEqual(runs.map(({ id }) => id));
});

test('filters by type, status, endpoint, run, event and label', async () => {
  const endpoint = world.addEndpoint(project);
  const plain = aRunOf(project, {}, 5);
  const named = aRunOf(project, {
    endpoint_id: endpoint.id,
    labels: { tier: 'gold' },
    event: { name: 'order.paid' },
    source: { type: 'event', id: `evt_${plain.id.slice(4)}` },
  });
  const attempt = anAttempt(named, 1, { status: 'timed_out' });
  const state = aState(named, { status: 'success', first_attempt: attempt });
  await world.store([{ definition: plain }, { definition: named, state }]);
  const ids = async (query: string) => (await read(query)).lines.map(({ data }) => data.id);
  const both = [attempt.id, named.id];
  expect(await ids('')).toEqual([plain.id, ...both]);
  expect(await ids('type=task_run')).toEqual([plain.id, named.id]);
  expect(await ids('type=delivery_attempt')).toEqual([attempt.id]);
  expect(await ids('status=success')).toEqual([named.id]);
  expect(await ids('status=timed_out')).toEqual([attempt.id]);
  expect(await ids(`task_id=${plain.id}`)).toEqual([plain.id]);
  for (const query of [`endpoint_id=${endpoint.id}`, 'event_name=order.paid', 'label=tier:gold'])
    expect(await ids(query)).toEqual(both);
});

test('a run that does not match yet is told when it does', async () => {
  const { id } = await newTask();
  const { lines, page } = await read('status=cancelled');
  expect(lines).toEqual([]);
  await cancel(id);
  expect((await read(`status=cancelled&cursor=${page.data.cursor}`)).lines.map(short)).toEqual([
    ['task_run', id, 'cancelled', 1],
  ]);
});

test('an idle look reads each shard twice, and what it follows once, at half the price', async () => {
  await newTask();
  await newTask();
  const { cursor } = (await read('')).page.data;
  const sent = jest.spyOn(world.client, 'send');
  await read(`cursor=${cursor}`);
  const inputs = sent.mock.calls.map(([command]) => command.input);
  sent.mockRestore();
  const queries = inputs.filter((input) => 'KeyConditionExpression' in input);
  expect([queries.length, inputs.length]).toEqual([2 * project.shards, 2 * project.shards + 1]);
  expect(JSON.stringify(inputs)).not.toContain('"ConsistentRead":true');
});

describe('wait_seconds', () => {
  const sleeping = (onSleep: (times: number) => unknown = () => {}) => {
    let times = 0;
    const sleep = async (ms: number) => {
      world.time.now += ms;
      times += 1;
      await onSleep(times);
    };
    return { ...world.ports, clock: { now: () => world.time.now, sleep } };
  };

  it('waits for a change', async () => {
    const ports = sleeping((times) => times === 3 && newTask({ name: 'seen' }));
    const { lines } = await read('wait_seconds=4', ports);
    expect(lines.map(({ data }) => data.name)).toEqual(['seen']);
    expect(world.time.now).toBeLessThan(NOW + 2_000);
    expect(await ports.claims.held(project.id, 'waits')).toEqual([]);
  });

  it('ends when the time is up, or five requests of the project wait', async () => {
    expect((await read('wait_seconds=2', sleeping())).lines).toEqual([]);
    expect(world.time.now).toBe(NOW + 2_000);
    const held = [1, 2, 3, 4, 5].map((n) => ({ id: `${n}`, name: `${n}`, until: NOW + 9_000 }));
    await world.ports.claims.change(project.id, 'waits', () => held);
    await read('wait_seconds=2', sleeping());
    expect(world.time.now).toBe(NOW + 2_000);
  });
});

test.each(['cursor=x', 'wait_seconds=5', 'type=event', 'status=gone', 'limit=3'])('refuses %s', async (query) => {
  await expect(read(query)).rejects.toThrow(InvalidRequestError);
});

test('takes either a cursor or a beginning, and of a person the project', async () => {
  const { cursor } = (await read('')).page.data;
  await expect(read(`cursor=${cursor}&since=0`)).rejects.toMatchObject({ faults: [{ pointer: 'since' }] });
  await expect(read('', world.ports, [project, world.addProject()])).rejects.toMatchObject({
    faults: [{ pointer: 'project_id' }],
  });
});
