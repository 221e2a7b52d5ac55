import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { fitting } from '../../../../functions/api/http/pages.js';
import { routes as eventRoutes } from '../../../../functions/api/routes/events.js';
import { routes as scheduleRoutes } from '../../../../functions/api/routes/schedules.js';
import { routes as taskRoutes } from '../../../../functions/api/routes/tasks.js';
import { fanOut } from '../../../../functions/protocol/events/fan-out.js';
import type { FanOutToken } from '../../../../functions/protocol/rules/token.js';
import { labelKey } from '../../../../functions/storage/keys.js';
import type { Project } from '../../../../functions/subjects/projects/project.js';
import { callRoute } from '../../../support/call-route.js';
import { aRunOf, aState, DAY, type PipelineWorld, startPipelineWorld } from '../../../support/pipeline-world.js';

let world: PipelineWorld;
let project: Project;
beforeAll(async () => {
  world = await startPipelineWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  project = world.addProject(3);
});

const ROUTES = [...taskRoutes, ...eventRoutes, ...scheduleRoutes];
const call = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: object, projects = [project]) =>
  callRoute(ROUTES, world.ports, { method, path, projects, ...(body && { body }) });
const faults = (path: string, body?: object) =>
  call(body ? 'POST' : 'GET', path, body).then(
    () => [],
    (error: { faults: { pointer: string }[] }) => error.faults.map(({ pointer }) => pointer),
  );

async function aTask(labels: Record<string, string>, change: object = {}): Promise<string> {
  const endpoint_id = world.addEndpoint(project).id;
  return (await call('POST', '/v1/tasks', { endpoint_id, labels, ...change })).body.id;
}

/** The ids of all pages. */
async function listed(path: string, projects = [project]): Promise<string[]> {
  const found: string[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await call('GET', `${path}&page_size=2${cursor}`, undefined, projects);
    found.push(...body.data.map(({ id }: { id: string }) => id));
    if (body.next_cursor === null) return found;
    cursor = `&cursor=${body.next_cursor}`;
  }
}

test('a task run shows its labels, and one of an older release has none', async () => {
  const id = await aTask({ customer: '42', 'a.b-c_D': 'ä: #1' });
  expect((await call('GET', `/v1/tasks/${id}`)).body.labels).toEqual({ customer: '42', 'a.b-c_D': 'ä: #1' });
  const old = aRunOf(project);
  await world.store([{ definition: old }]);
  expect((await call('GET', `/v1/tasks/${old.id}`)).body.labels).toEqual({});
});

test('lists find what has all of the labels, whole, page by page, of the project', async () => {
  const ids = [];
  for (let n = 0; n < 5; n++) ids.unshift(await aTask({ customer: '42', parity: n % 2 ? 'odd' : 'even', x: ': #' }));
  await aTask({ customer: '421' });
  await aTask({ customer: '4', x: '42' });
  expect((await listed('/v1/tasks?label=customer:42')).sort()).toEqual([...ids].sort());
  expect(await listed('/v1/tasks?label=x:%3A%20%23&label=parity:odd')).toHaveLength(2);
  expect(await listed('/v1/tasks?label=customer:42&label=parity:none')).toEqual([]);
  expect(await listed('/v1/tasks?label=customer:42', [world.addProject(3)])).toEqual([]);
});

test('labels go together with the other filters', async () => {
  const endpoint_id = world.addEndpoint(project).id;
  const [one] = [await aTask({ customer: '42' }, { endpoint_id }), await aTask({ customer: '42' })];
  expect(await listed(`/v1/tasks?label=customer:42&endpoint_id=${endpoint_id}`)).toEqual([one]);
  const ended = aRunOf(project, { labels: { customer: '42' } });
  await world.ports.runs.create(ended);
  await world.ports.runs.begin({ project: project.id, run: ended.id }, aState(ended, { status: 'cancelled' }));
  expect(await listed('/v1/tasks?label=customer:42&status=cancelled')).toEqual([ended.id]);
  const later = new Date(world.time.now + 60_000).toISOString();
  expect(await listed(`/v1/tasks?label=customer:42&since=${later}`)).toEqual([]);
});

test('an event and its runs have its labels, and are found by its key, too', async () => {
  const { body: event } = await call('POST', '/v1/events', {
    event_name: 'order.paid',
    event_key: 'order 7',
    labels: { customer: '42' },
  });
  expect(event.labels).toEqual({ customer: '42' });
  expect(await listed('/v1/events?label=customer:42')).toEqual([event.id]);
  expect(await listed('/v1/events?label=customer:42&event_key=other')).toEqual([]);
  const endpoint = world.addEndpoint(project, { event_filters: ['order.*'] });
  const listeners = { ...world.ports.listeners, candidates: async () => ({ endpoints: [endpoint] }) };
  await fanOut({ ...world.ports, listeners }, world.dispatched.pop() as FanOutToken);
  const [run] = await listed('/v1/tasks?label=customer:42');
  expect((await call('GET', `/v1/tasks/${run}`)).body).toMatchObject({
    source: { id: event.id },
    labels: event.labels,
  });
  expect(await listed('/v1/tasks?event_key=order%207')).toEqual([run]);
  expect(await listed('/v1/tasks?label=customer:42&event_key=other')).toEqual([]);
});

test('a schedule hands its labels on to its runs; a change replaces them whole', async () => {
  const endpoint_id = world.addEndpoint(project).id;
  const labels = { team: 'billing', tier: '1' };
  const given = { name: 'nightly', cron: '0 3 * * *', endpoint_id, labels };
  const { body: schedule } = await call('POST', '/v1/schedules', given);
  expect(schedule.labels).toEqual(labels);
  const { body: run } = await call('POST', `/v1/schedules/${schedule.id}/run`, {});
  expect(run).toMatchObject({ name: 'nightly', labels });
  expect(await listed('/v1/tasks?label=team:billing')).toEqual([run.id]);
  const patched = async (wanted: unknown) =>
    (await call('PATCH', `/v1/schedules/${schedule.id}`, { labels: wanted })).body.labels;
  expect(await patched({ tier: '2' })).toEqual({ tier: '2' });
  expect(await patched(null)).toEqual({});
});

test.each([
  ['a key with a space', { 'a b': 'x' }, ['/labels/a b']],
  ['a long key', { [`k${'x'.repeat(64)}`]: 'x' }, [`/labels/k${'x'.repeat(64)}`]],
  ['an empty value', { a: '' }, ['/labels/a']],
  ['a value with a line break', { a: 'x\ny' }, ['/labels/a']],
  ['a long value', { a: 'x'.repeat(129) }, ['/labels/a']],
  ['seventeen labels', Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`k${n}`, 'x'])), ['/labels']],
])('%s is refused', async (_what, labels, pointers) => {
  expect(await faults('/v1/tasks', { endpoint_id: world.addEndpoint(project).id, labels })).toEqual(pointers);
});

test('schedules are found by name and labels, page by page, however many others there are', async () => {
  const endpoint_id = world.addEndpoint(project).id;
  const make = async (name: string, labels: object): Promise<string> =>
    (await call('POST', '/v1/schedules', { name, cron: '0 3 * * *', endpoint_id, labels })).body.id;
  const ids = [];
  for (let n = 0; n < 3; n++) ids.unshift(await make('nightly', { tier: '1' }));
  const other = await make('nightly', { tier: '2' });
  await make('nightly 2', { tier: '1' });
  expect((await listed('/v1/schedules?name=nightly&label=tier:1')).sort()).toEqual([...ids].sort());
  expect(await listed('/v1/schedules?name=nightly&label=tier:2')).toEqual([other]);
  expect(await listed('/v1/schedules?label=tier:3')).toEqual([]);
});

test('a page of a filter that looks into many rows goes on behind them', async () => {
  const rows = Array.from({ length: 450 }, (_, n) => ({ id: `${999 - n}` }));
  const read = (before: string) => (limit: number) =>
    Promise.resolve(rows.filter(({ id }) => id < before).slice(0, limit));
  const isWanted = ({ id }: { id: string }) => id === '990' || id === '600';
  expect(await fitting(5, read('~'), isWanted)).toEqual({ rows: [{ id: '990' }], end: '800' });
  expect(await fitting(5, read('800'), isWanted)).toEqual({ rows: [{ id: '600' }], end: '600' });
  expect(await fitting(1, read('~'), isWanted)).toEqual({ rows: [{ id: '990' }], end: '990' });
  expect(await fitting(5, read('600'), isWanted)).toEqual({ rows: [] });
  expect((await fitting(5, read('~'), undefined)).rows).toHaveLength(5);
});

test('a filter that is no label is refused', async () => {
  expect(await faults('/v1/tasks?label=customer')).toEqual(['label.0']);
});

test('a run whose life is prolonged is found as long by its labels', async () => {
  const run = aRunOf(project, { labels: { customer: '42' }, expires_at: world.time.now + DAY });
  await world.ports.runs.create(run);
  await world.ports.runs.keepAtLeast({ definition: run }, world.time.now + 3 * DAY);
  await world.ports.runs.keepUntil({ definition: run }, world.time.now + 9 * DAY);
  const Key = labelKey(project.id, 'customer:42', run.id);
  const { Item } = await world.client.send(new GetCommand({ TableName: 'runs', Key }));
  expect(Item?.['ttl']).toBe(Math.ceil((world.time.now + 9 * DAY) / 1000));
});
