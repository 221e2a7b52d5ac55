import { createHash } from 'node:crypto';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { eventItems, pageItem } from '../../../../functions/adapters/dynamodb/event-items.js';
import { payloadKey } from '../../../../functions/adapters/dynamodb/keys.js';
import { stateItem } from '../../../../functions/adapters/dynamodb/run-items.js';
import { type EventRun, isFannedOut, type PublishedEvent } from '../../../../functions/core/event/event.js';
import { runOfEvent, runsOf } from '../../../../functions/core/event/event-runs.js';
import { PayloadGoneError } from '../../../../functions/core/run/lost-run.js';
import { pendingState, type RunDefinition } from '../../../../functions/core/run/task-run.js';
import { aListener, anEvent } from '../../../support/event-stories.js';
import { anAttempt, DAY, NOW, type PipelineWorld, startPipelineWorld } from '../../../support/pipeline-world.js';

let world: PipelineWorld;
beforeAll(async () => {
  world = await startPipelineWorld();
});
afterAll(() => world.close());

const small = { format: 'json', body: '{"a":1}' } as const;
const large = { format: 'text', body: Array.from({ length: 400 }, (_, n) => n * 7919).join() } as const;
const anEventWith = (payload: typeof small | typeof large) => anEvent({ payload, expires_at: NOW + 30 * DAY });

test('an event is put once; a large payload lies apart, and is read when asked for', async () => {
  for (const payload of [small, large]) {
    const event = anEventWith(payload);
    const { events } = world.ports;
    expect(await events.find(event.project_id, event.id)).toBeUndefined();
    await events.create(event);
    await events.create({ ...event, event_name: 'another' });
    const { payload: _apart, ...rest } = event;
    const payloadApart = payload === large;
    expect(await events.find(event.project_id, event.id)).toEqual({
      event: payloadApart ? rest : event,
      payloadApart,
      pages: [],
    });
    expect(await events.payload(event.project_id, event.id)).toEqual(payloadApart ? large : undefined);
  }
});

test('a page is put once, and pages are found in their order', async () => {
  const event = anEventWith(small);
  const { events } = world.ports;
  await events.create(event);
  const [first, second] = [
    { after: '', end: 'ep_2', runs: [planned(1), planned(2)] },
    { after: 'ep_2', runs: [planned(3)] },
  ] as const;
  expect(await events.putPage(event, first)).toBe(true);
  expect(await events.putPage(event, { ...second, after: '' })).toBe(false);
  expect(isFannedOut((await events.find(event.project_id, event.id))!)).toBe(false);
  expect(await events.putPage(event, second)).toBe(true);
  const stored = (await events.find(event.project_id, event.id))!;
  expect(stored.pages).toEqual([first, second]);
  expect(isFannedOut(stored)).toBe(true);
});

describe('a run that an event has made', () => {
  test('is there before it has begun, with the payload, and among the events of the same moment', async () => {
    for (const payload of [small, large]) {
      const events = [anEventWith(payload), anEventWith(payload), aNotification(payload)];
      for (const event of events) await publish(event);
      for (const { id: event, project_id: project } of events) {
        const [run] = await runsOfEvent(project, event);
        const definition = { ...run!, payload };
        const key = { project, run: run!.id };
        expect(await world.ports.runs.find(key)).toEqual({ definition });
        expect(await world.ports.runs.glimpse(key)).toEqual({});
        expect(await world.ports.runs.definition({ ...key, page: { event, after: '' } })).toEqual(definition);
        expect(await world.ports.runLists.byIds(project, [run!.id])).toMatchObject([{ id: run!.id }]);
      }
    }
  });

  test('is taken along by its state', async () => {
    const { runs } = world.ports;
    const { key, definition } = await aRunOfEvent();
    expect(await runs.begin(key, pendingState(definition))).toBe(true);
    expect(await runs.begin(key, pendingState(definition))).toBe(false);
    const found = await runs.find(key);
    expect(found).toMatchObject({ definition: { ...definition, payload: large }, state: { status: 'pending' } });
    expect(found.state!.definition!.payload).toBeUndefined();
    expect(await runs.advance(key, found.state!, { ...found.state!, status: 'running', version: 1 })).toBe(true);
    expect(await runs.glimpse(key)).toMatchObject({ definition, state: { status: 'running' } });
  });

  test('that is held before it has begun lives on by a state, and has the payload itself', async () => {
    const { runs } = world.ports;
    const { event, key, definition } = await aRunOfEvent();
    const found = { definition };
    await runs.keepUntil(found, NOW + 400 * DAY);
    const held = await runs.find(key);
    expect(held).toMatchObject({
      definition: { expires_at: NOW + 400 * DAY },
      state: { status: 'pending', version: 0 },
    });
    // Who found it without a state lets it go.
    await runs.keepUntil(found, NOW + 30 * DAY);
    expect((await runs.find(key)).definition!.expires_at).toBe(NOW + 30 * DAY);
    const copy = await world.client.send(new GetCommand({ TableName: 'runs', Key: payloadKey(key.project, key.run) }));
    expect(copy.Item!['ttl']).toBe((NOW + 30 * DAY) / 1000);
    await runs.keepUntil(held, NOW + 400 * DAY);
    world.time.now = event.expires_at + DAY;
    expect((await runs.find(key)).definition!.payload).toEqual(large);
    world.time.now = NOW;
  });

  test('to which something is to happen later lives on, with a copy of the payload, and is not begun for that', async () => {
    const { runs } = world.ports;
    const { event, key, definition } = await aRunOfEvent();
    const later = event.expires_at + 10 * DAY;
    await runs.keepAtLeast({ definition }, later);
    expect((await runs.find(key)).state).toBeUndefined();
    await runs.begin(key, { ...pendingState(definition), status: 'retry_scheduled' });
    const found = await runs.find(key);
    await runs.keepAtLeast(found, later);
    await runs.keepAtLeast(found, later - 5 * DAY); // by somebody who has read it before
    world.time.now = later - DAY;
    expect(await runs.find(key)).toMatchObject({
      definition: { payload: large, expires_at: Math.ceil(later / 1_000) * 1_000 },
      state: { status: 'retry_scheduled', version: 0 },
    });
    world.time.now = NOW;
  });

  test('expires before its state does', async () => {
    const { runs, runLists } = world.ports;
    const { key, definition } = await aRunOfEvent();
    await runs.begin(key, { ...pendingState(definition), status: 'running', expires_at: NOW + 60 * DAY });
    world.time.now = definition.expires_at;
    const { state, ...rest } = await runs.find(key);
    expect({ status: state!.status, ...rest }).toEqual({ status: 'running' });
    expect(await runLists.byIds(key.project, [key.run])).toEqual([]);
    world.time.now = NOW;
  });

  test('whose payload is gone is not sent without it', async () => {
    const { runs } = world.ports;
    const { event, key, definition } = await aRunOfEvent();
    await runs.begin(key, pendingState({ ...definition, expires_at: NOW + 90 * DAY }));
    world.time.now = event.expires_at + DAY;
    await expect(runs.find(key)).rejects.toThrow(PayloadGoneError);
    await expect(runs.find(key)).rejects.toMatchObject({
      found: { definition: { id: key.run }, state: { version: 0 } },
    });
    world.time.now = NOW;
  });

  test('is made anew with a row, and its payload', async () => {
    const { runs } = world.ports;
    const { key, definition } = await aRunOfEvent();
    await runs.create(definition);
    const { with_state: _state, payload_with_event: _event, ...anew } = definition;
    expect(await runs.glimpse(key)).toEqual({ definition: anew });

    // The state from before is still there, and names the endpoint, too.
    await runs.begin(key, pendingState(definition));
    const project = { ...world.addProject(), id: key.project };
    const { endpoint_id } = definition;
    const { rows } = await world.ports.runLists.runs([project], { endpoint_id }, undefined, 100);
    expect(rows.filter(({ id }) => id === key.run)).toHaveLength(1);
  });
});

test('an event, a page of ten runs and what becomes of each take a write unit', async () => {
  const inlined = [0, 200, 400, 600, 800, 1_000, 2_000].map((length) => {
    const body = incompressible(length);
    const event = anEvent({ event_name: 'a.rather.long-name.of-an.event', payload: { format: 'text', body } });
    const items = eventItems(event);
    if (items.length > 1) return false;
    for (const item of items) expect(bytesOf(item)).toBeLessThanOrEqual(1024);
    return true;
  });
  expect(inlined[0]).toBe(true);
  expect(inlined.at(-1)).toBe(false);

  const event = anEventWith(large);
  const page = { after: '', runs: Array.from({ length: 10 }, (_, n) => planned(n)) };
  expect(bytesOf(pageItem(event, page))).toBeLessThanOrEqual(1024);

  const run = runOfEvent({ event, payloadApart: true }, page.runs[0]!);
  const tried = { ...pendingState(run), nonce: run.id, attempt: 1, first_attempt: anAttempt(run, 1, ANSWERED) };
  expect(bytesOf(stateItem({ project: run.project_id, run: run.id }, tried))).toBeLessThanOrEqual(1024);
});

/** What a delivery records of a plain success. */
const ANSWERED = {
  status: 'success',
  http_status: 200,
  request_headers: {
    'content-type': 'application/json',
    'idempotency-key': `run_${'a1b2c3d4'.repeat(4)}`,
    'webhook-id': `run_${'a1b2c3d4'.repeat(4)}`,
    'webhook-timestamp': '1800000000',
    'webhook-signature': `v1,${incompressible(44)}`,
    'punctual-attempt': '1',
    traceparent: `00-${'a1b2c3d4'.repeat(4)}-${'e5f6a7b8'.repeat(2)}-01`,
  },
  response_headers: { server: 'nginx', 'content-type': 'application/json; charset=utf-8', 'content-length': '11' },
  response_body: '{"ok":true}',
  error: null,
} as const;

function planned(n: number): EventRun {
  return { endpoint_id: aListener(n).id, lane: 'fast', max_attempts: 6, expires_at: NOW + 29 * DAY };
}

function aNotification(payload: typeof small | typeof large) {
  const event = anEventWith(payload);
  return { ...event, id: event.id.replace('evt', 'ntf'), body_format: 'notification' } as const;
}

async function publish(event: PublishedEvent): Promise<void> {
  await world.ports.events.create(event);
  await world.ports.events.putPage(event, { after: '', runs: [planned(1), planned(2)] });
}

/** Of a published event with a large payload. */
async function aRunOfEvent() {
  const event = anEventWith(large);
  await publish(event);
  const [run] = await runsOfEvent(event.project_id, event.id);
  const key = { project: event.project_id, run: run!.id };
  const { definition } = await world.ports.runs.find(key);
  return { event, key, definition: definition! };
}

async function runsOfEvent(project: string, event: string): Promise<RunDefinition[]> {
  return runsOf((await world.ports.events.find(project, event))!);
}

function incompressible(length: number): string {
  const blocks = Array.from({ length: length / 40 + 1 }, (_, n) =>
    createHash('sha256').update(`${n}`).digest('base64'),
  );
  return blocks.join('').slice(0, length);
}

/** As DynamoDB counts, roughly: names, text and bytes; ten for a number. */
function bytesOf(item: object): number {
  return Object.entries(item).reduce((sum, [name, value]) => {
    const bytes = typeof value === 'string' || value instanceof Uint8Array ? Buffer.from(value).length : 10;
    return sum + name.length + bytes;
  }, 0);
}
