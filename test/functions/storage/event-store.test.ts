import { createHash } from 'node:crypto';
import { eventItems, pageItem } from '../../../functions/storage/event-store.js';
import { rowBytes } from '../../../functions/storage/rows.js';
import { definitionItems, stateItem } from '../../../functions/storage/run-items.js';
import { definitionsAt } from '../../../functions/storage/run-store.js';
import { type EventRun, isFannedOut } from '../../../functions/subjects/events/event.js';
import { runOfEvent } from '../../../functions/subjects/events/event-runs.js';
import { pendingState } from '../../../functions/subjects/task-runs/task-run.js';
import { aListener, anEvent } from '../../support/event-stories.js';
import { anAttempt, DAY, NOW, type PipelineWorld, startPipelineWorld } from '../../support/pipeline-world.js';

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
  expect(isFannedOut(stored)).toBe(false);
  await events.finishPage(event, second, event.created_at + 1);
  expect(isFannedOut((await events.find(event.project_id, event.id))!)).toBe(true);
});

test('the runs of a batch that share a payload read it once', async () => {
  const event = anEventWith(large);
  await world.ports.events.create(event);
  const stored = (await world.ports.events.find(event.project_id, event.id))!;
  const runs = Array.from({ length: 5 }, (_, n) => runOfEvent(stored, planned(n), undefined));
  for (const run of runs) await world.ports.runs.create(run);
  const keys = runs.map(({ project_id: project, id: run }) => ({ project, run }));
  const send = jest.spyOn(world.client, 'send');
  const found = await definitionsAt({ client: world.client, table: 'runs', clock: { now: () => NOW, sleep } }, keys);
  expect(found).toEqual(runs.map((run) => ({ status: 'fulfilled', value: { ...run, payload: large } })));
  expect(send.mock.calls.map(([command]) => command.constructor.name)).toEqual(['BatchGetCommand', 'GetCommand']);
  send.mockRestore();
});

test('an event, a page of ten runs, each run and what becomes of it take a write unit', async () => {
  const inlined = [0, 200, 400, 600, 800, 1_000, 2_000].map((length) => {
    const body = incompressible(length);
    const event = anEvent({ event_name: 'a.rather.long-name.of-an.event', payload: { format: 'text', body } });
    const items = eventItems(event);
    if (items.length > 1) return false;
    for (const item of items) expect(rowBytes(item)).toBeLessThanOrEqual(1024);
    return true;
  });
  expect(inlined[0]).toBe(true);
  expect(inlined.at(-1)).toBe(false);

  const event = anEventWith(large);
  const page = { after: '', runs: Array.from({ length: 10 }, (_, n) => planned(n)) };
  expect(rowBytes(pageItem(event, page))).toBeLessThanOrEqual(1024);

  const run = runOfEvent({ event, payloadApart: true }, page.runs[0]!, undefined);
  const [row, ...rest] = definitionItems(run);
  expect(rest).toEqual([]);
  expect(rowBytes(row!)).toBeLessThanOrEqual(1024);
  const key = { project: run.project_id, run: run.id };
  const tried = { ...pendingState(run), nonce: run.id, attempt: 1, first_attempt: anAttempt(run, 1, ANSWERED) };
  expect(rowBytes(stateItem(key, tried))).toBeLessThanOrEqual(1024);
  const last_error = { code: 'http_503', message: 'The endpoint answered with HTTP status 503 Service Unavailable.' };
  const refused = { ...tried.first_attempt, http_status: 503, error: last_error };
  const waiting = { ...tried, status: 'retry_scheduled', due: NOW, first_attempt: refused, last_status: 503 } as const;
  expect(rowBytes(stateItem(key, { ...waiting, last_error }))).toBeLessThanOrEqual(1024);
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

const sleep = async () => {};

function incompressible(length: number): string {
  const blocks = Array.from({ length: length / 40 + 1 }, (_, n) =>
    createHash('sha256').update(`${n}`).digest('base64'),
  );
  return blocks.join('').slice(0, length);
}
