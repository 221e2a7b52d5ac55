import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { routes as eventRoutes } from '../../../../functions/api/routes/events.js';
import { routes as taskRoutes } from '../../../../functions/api/routes/tasks.js';
import { InvalidRequestError, NotFoundError } from '../../../../functions/primitives/faults.js';
import { fanOut } from '../../../../functions/protocol/events/fan-out.js';
import type { FanOutToken } from '../../../../functions/protocol/rules/token.js';
import { logger } from '../../../../functions/runtime/logger.js';
import { createFilterHints } from '../../../../functions/storage/filter-hints.js';
import { configKey } from '../../../../functions/storage/keys.js';
import { runOfEvent } from '../../../../functions/subjects/events/event-runs.js';
import type { Project } from '../../../../functions/subjects/projects/project.js';
import { callRoute, type Json } from '../../../support/call-route.js';
import { aState, NOW, type PipelineWorld, startPipelineWorld } from '../../../support/pipeline-world.js';

const ROUTES = [...eventRoutes, ...taskRoutes];
const PATH = '/v1/events';

let world: PipelineWorld;
let project: Project;
let other: Project;

beforeAll(async () => {
  world = await startPipelineWorld();
  project = world.addProject(4);
  other = world.addProject();
});
afterAll(() => world.close());
beforeEach(() => {
  world.dispatched.length = 0;
  world.sent.length = 0;
  world.time.now += 1_000;
});

const call = (method: 'GET' | 'POST', path: string, body?: unknown, more: object = {}) =>
  callRoute(ROUTES, world.ports, { method, path, body, projects: [project], ...more });

const publish = async (body: object, more: object = {}): Promise<Json> => (await call('POST', PATH, body, more)).body;

/** An endpoint with these filters, as the configuration store keeps it. */
async function listener(of: Project, ...event_filters: string[]): Promise<string> {
  const endpoint = world.addEndpoint(of, { event_filters });
  await createFilterHints(world.client, 'config', async () => endpoint).put(of.id, endpoint.id, event_filters);
  await world.client.send(
    new PutCommand({ TableName: 'config', Item: { ...endpoint, ...configKey(of.id, endpoint.id), version: 1 } }),
  );
  return endpoint.id;
}

async function dispatch(): Promise<void> {
  for (const token of world.dispatched.splice(0)) await fanOut(world.ports, token as FanOutToken);
}

async function faultsOf(answer: Promise<unknown>): Promise<string[]> {
  const error = await answer.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(InvalidRequestError);
  return (error as InvalidRequestError).faults.map(({ pointer }) => pointer);
}

describe('POST /v1/events', () => {
  it('sends the token, keeps the event, and answers it', async () => {
    const { status, location, body } = await call('POST', PATH, {
      event_name: 'invoice.paid',
      event_key: 'inv_123 ✓',
      payload: { text: 'Zürich 🎉' },
    });
    expect({ status, location }).toEqual({ status: 202, location: `${PATH}/${body.id}` });
    expect(body).toEqual({
      id: expect.stringMatching(/^evt_[0-9a-f]{32}$/),
      project_id: project.id,
      event_name: 'invoice.paid',
      event_key: 'inv_123 ✓',
      labels: {},
      status: 'pending',
      payload: { text: 'Zürich 🎉' },
      redacted_at: null,
      created_at: new Date(world.time.now).toISOString(),
    });
    expect(world.dispatched).toEqual([
      { kind: 'fanout', project: project.id, event: body.id, cursor: '', sent_at: world.time.now, hop: 0 },
    ]);
    expect((await call('GET', location!)).body).toMatchObject({
      ...body,
      task_counts: {},
      tasks: [],
      tasks_cursor: null,
    });
  });

  it('makes the same event again when it is repeated under the same pins', async () => {
    const pins = { seed: 'one', now: world.time.now };
    const [first, second] = [
      await publish({ event_name: 'a' }, { pins }),
      await publish({ event_name: 'a' }, { pins }),
    ];
    expect(second).toEqual(first);
  });

  test.each([
    ['no name', {}, ['/event_name']],
    ['a reserved name', { event_name: 'job.completed' }, ['/event_name']],
    ['all of it', { event_name: 'endpoint.x', event_key: '', colour: 1 }, ['/event_key', '/event_name', '/colour']],
    ['a long key', { event_name: 'a b', event_key: 'x'.repeat(257) }, ['/event_key', '/event_name']],
    ['a large payload', { event_name: 'a', payload: 'x'.repeat(256 * 1024 + 1) }, ['/payload']],
  ])('refuses %s, naming every field', async (_name, body, pointers) => {
    expect((await faultsOf(publish(body))).sort()).toEqual([...pointers].sort());
  });
});

describe('POST /v1/events/batch', () => {
  it('answers each entry on its own, in order', async () => {
    const events = [{ event_name: 'a.b', payload: 1 }, { event_name: 'job.x' }, { event_name: 'c' }];
    const { status, body } = await call('POST', `${PATH}/batch`, { events });
    expect(status).toBe(200);
    expect(body.data).toMatchObject([
      { status: 202, event: { event_name: 'a.b' } },
      { status: 400, error: { code: 'invalid_request', errors: [{ pointer: '/event_name' }] } },
      { status: 202, event: { event_name: 'c' } },
    ]);
    expect(world.dispatched).toHaveLength(2);
    expect(body.data[0].event.payload).toBeUndefined();
  });

  it('is unfinished when an entry failed on our side, and refused when empty or too long', async () => {
    jest.spyOn(logger, 'error').mockImplementation();
    const { create } = world.ports.events;
    const failing = {
      ...world.ports.events,
      create: async (event: Parameters<typeof create>[0]) => {
        if (event.event_name === 'bad') throw new Error('no');
        return create(event);
      },
    };
    const ports = { ...world.ports, events: failing };
    const body = { events: [{ event_name: 'good' }, { event_name: 'bad' }] };
    const answer = await callRoute(ROUTES, ports, { method: 'POST', path: `${PATH}/batch`, body, projects: [project] });
    expect(answer).toMatchObject({
      status: 200,
      isUnfinished: true,
      body: { data: [{ status: 202 }, { status: 500 }] },
    });
    for (const events of [[], Array(101).fill({ event_name: 'a' })])
      expect(await faultsOf(call('POST', `${PATH}/batch`, { events }))).toEqual(['/events']);
  });
});

describe('an event and its runs', () => {
  it('is pending, alone and in the list, until each run that was decided is there', async () => {
    await listener(project, 'late.made');
    await listener(project, 'late.made');
    const { id } = await publish({ event_name: 'late.made' });
    const { runs } = world.ports;
    const create = jest.spyOn(runs, 'create').mockRejectedValue(new Error('the worker dies'));
    await expect(dispatch()).rejects.toThrow('dies');
    const shown = async () => {
      const { status, task_counts } = (await call('GET', `${PATH}/${id}`)).body;
      const { data } = (await call('GET', PATH)).body;
      return { status, task_counts, listed: data.find((row: { id: string }) => row.id === id).status };
    };
    expect(await shown()).toEqual({ status: 'pending', task_counts: {}, listed: 'pending' });
    create.mockRestore();
    const stored = (await world.ports.events.find(project.id, id))!;
    for (const run of stored.pages.flatMap((page) => page.runs)) await runs.create(runOfEvent(stored, run, undefined));
    expect(await shown()).toEqual({ status: 'pending', task_counts: { pending: 2 }, listed: 'pending' });
    for (const page of stored.pages) await world.ports.events.finishPage(stored.event, page, NOW);
    expect(await shown()).toEqual({ status: 'completed', task_counts: { pending: 2 }, listed: 'completed' });
  });

  it('shows how many are in which state, and lists them', async () => {
    const ids = [];
    for (const filters of [['shop.*'], ['shop.sold'], ['shop.*', 'shop.sold'], ['shop']])
      ids.push(await listener(project, ...filters));
    await listener(other, 'shop.sold');
    const pins = { seed: 'same moment', now: world.time.now };
    const { id } = await publish({ event_name: 'shop.sold', event_key: 'k' }, { pins });
    await publish({ event_name: 'shop.sold' }, { pins: { ...pins, seed: 'another' } });
    await dispatch();
    const { rows } = await world.ports.runLists.runs([project], { event_id: id }, undefined, 10);
    expect(rows.map(({ definition }) => definition.endpoint_id).sort()).toEqual(ids.slice(0, 3).sort());
    const [first] = rows;
    await world.store([{ ...first!, state: aState(first!.definition, { status: 'success' }) }]);

    const shown = (await call('GET', `${PATH}/${id}`)).body;
    expect(shown).toMatchObject({ status: 'completed', task_counts: { success: 1, pending: 2 }, tasks_cursor: null });
    expect(shown.tasks).toHaveLength(3);
    expect(shown.tasks[0]).toMatchObject({ source: { type: 'event', id } });
    const list = async (query: string) => (await call('GET', `/v1/tasks?event_id=${id}${query}`)).body;
    expect((await list('')).data).toEqual(shown.tasks);
    expect((await list('&status=success')).data.map((run: Json) => run.id)).toEqual([first!.id]);
    const page = await list('&page_size=2');
    expect((await list(`&cursor=${page.next_cursor}`)).data).toEqual(shown.tasks.slice(2));
    await expect(call('GET', `${PATH}/${id}`, undefined, { projects: [other] })).rejects.toThrow(NotFoundError);
    expect((await call('GET', `/v1/tasks?event_id=${id}`, undefined, { projects: [other] })).body.data).toEqual([]);
  });

  it('counts all, and shows the newest hundred', async () => {
    const { id } = await publish({ event_name: 'crowd.gathers' });
    for (let n = 0; n < 120; n += 1) await listener(project, 'crowd.gathers');
    await dispatch();
    const shown = (await call('GET', `${PATH}/${id}`)).body;
    expect(shown.task_counts).toEqual({ pending: 120 });
    expect(shown.tasks).toHaveLength(100);
    const rest = (await call('GET', `/v1/tasks?event_id=${id}&cursor=${shown.tasks_cursor}&page_size=50`)).body.data;
    expect(new Set([...shown.tasks, ...rest].map((run) => run.id)).size).toBe(120);
  });

  it('gives each run the large payload that is kept once, and the whole event too', async () => {
    await listener(project, 'large');
    const payload = Array.from({ length: 900 }, (_, index) => `${index * 7919} ä`);
    const { id } = await publish({ event_name: 'large', payload });
    await dispatch();
    expect((await call('GET', `${PATH}/${id}`)).body.payload).toEqual(payload);
    const [run] = (await call('GET', `/v1/tasks?event_id=${id}`)).body.data;
    expect((await call('GET', `/v1/tasks/${run.id}`)).body.payload).toEqual(payload);
  });
});

describe('GET /v1/events', () => {
  it('finds events by name, by key and by both, newest first, over pages and shards', async () => {
    const made: Json[] = [];
    for (let n = 0; n < 24; n += 1) {
      world.time.now += 1;
      made.unshift(
        await publish({ event_name: n % 2 ? 'list.odd' : 'list.even', event_key: `list ${n % 3}`, payload: 1 }),
      );
    }
    const find = async (query: string) => (await call('GET', `${PATH}?${query}`)).body;
    const idsOf = (rows: Json[]) => rows.map(({ id }) => id);
    const odd = made.filter(({ event_name }) => event_name === 'list.odd');
    expect(idsOf((await find('event_name=list.odd&page_size=100')).data)).toEqual(idsOf(odd));
    const keyed = made.filter(({ event_key }) => event_key === 'list 2');
    expect(idsOf((await find('event_key=list+2')).data)).toEqual(idsOf(keyed));
    expect(idsOf((await find('event_key=list+2&event_name=list.odd')).data)).toEqual(
      idsOf(keyed.filter(({ event_name }) => event_name === 'list.odd')),
    );
    const first = await find('page_size=10');
    const second = await find(`page_size=10&cursor=${first.next_cursor}`);
    expect(idsOf([...first.data, ...second.data])).toEqual(idsOf(made.slice(0, 20)));
    expect(first.data[0].payload).toBeUndefined();
    expect((await call('GET', `${PATH}?event_key=list+2`, undefined, { projects: [other] })).body.data).toEqual([]);
    expect(await faultsOf(find('event_name=a+b&event_key=&colour=1'))).toEqual(['event_name', 'event_key', 'colour']);
  });

  it('forgets what has expired', async () => {
    const { id } = await publish({ event_name: 'old', event_key: 'old' });
    const { now } = world.time;
    world.time.now += 60 * 86_400_000;
    expect((await call('GET', `${PATH}?event_key=old`)).body.data).toEqual([]);
    await expect(call('GET', `${PATH}/${id}`)).rejects.toThrow(NotFoundError);
    world.time.now = now;
    expect(NOW).toBeLessThan(now);
  });
});
