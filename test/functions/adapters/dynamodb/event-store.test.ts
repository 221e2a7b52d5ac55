import { createHash } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { eventItems } from '../../../../functions/adapters/dynamodb/event-items.js';
import { payloadItem } from '../../../../functions/adapters/dynamodb/payload-item.js';
import { definitionItems } from '../../../../functions/adapters/dynamodb/run-items.js';
import type { RunDefinition } from '../../../../functions/core/run/task-run.js';
import { anEvent } from '../../../support/event-stories.js';
import { aRun } from '../../../support/memory-world.js';
import { DAY, NOW, type PipelineWorld, startPipelineWorld } from '../../../support/pipeline-world.js';

let world: PipelineWorld;
beforeAll(async () => {
  world = await startPipelineWorld();
});
afterAll(() => world.close());

const small = { format: 'json', body: '{"a":1}' } as const;
const large = { format: 'text', body: Array.from({ length: 400 }, (_, n) => n * 7919).join() } as const;
const anEventWith = (payload: typeof small | typeof large) => anEvent({ payload, expires_at: NOW + 30 * DAY });

function aRunOfEvent(event: ReturnType<typeof anEvent>, change: Partial<RunDefinition> = {}): RunDefinition {
  const { payload: _none, ...run } = aRun();
  const source = { type: 'event', id: event.id } as const;
  return { ...run, source, event: { name: event.event_name }, expires_at: NOW + 29 * DAY, ...change };
}

test('an event is put once; a large payload lies apart, and is read when asked for', async () => {
  for (const payload of [small, large]) {
    const event = anEventWith(payload);
    const { events } = world.ports;
    expect(await events.find(event.project_id, event.id)).toBeUndefined();
    await events.create(event);
    await events.create({ ...event, event_name: 'another' });
    const { payload: _apart, ...rest } = event;
    const payloadApart = payload === large;
    expect(await events.find(event.project_id, event.id)).toEqual({ event: payloadApart ? rest : event, payloadApart });
    expect(await events.payload(event.project_id, event.id)).toEqual(payloadApart ? large : undefined);
  }
});

test('progress is recorded from where it was seen alone, and ends once', async () => {
  const event = anEventWith(small);
  const { events } = world.ports;
  await events.create(event);
  const [first, second] = [
    { cursor: 'ep_1', tok: 'a', status: 'running' },
    { cursor: 'ep_2', tok: 'b', status: 'running' },
  ] as const;
  expect(await events.advance(event, undefined, first)).toBe(true);
  expect(await events.advance(event, undefined, second)).toBe(false);
  expect(await events.advance(event, second, second)).toBe(false);
  expect(await events.advance(event, first, { ...first, status: 'completed' })).toBe(true);
  expect(await events.advance(event, first, second)).toBe(false);
  expect((await events.find(event.project_id, event.id))?.fanOut).toEqual({ ...first, status: 'completed' });
});

test('a run finds the payload with its event; one that is made anew has it itself', async () => {
  const event = anEventWith(large);
  await world.ports.events.create(event);
  const run = aRunOfEvent(event, { payload_with_event: true });
  await world.ports.runs.create(run);
  const found = (await world.ports.runs.find({ project: run.project_id, run: run.id })).definition!;
  expect(found).toEqual({ ...run, payload: large });

  const { id } = aRun();
  await world.ports.runs.create({ ...found, id });
  const anew = (await world.ports.runs.find({ project: run.project_id, run: id })).definition!;
  expect(anew.payload).toEqual(large);
  expect(anew.payload_with_event).toBeUndefined();
});

test('a run that has outlived its event finds its own copy', async () => {
  const run = aRunOfEvent(anEventWith(large), { payload_with_event: true });
  await world.ports.runs.create(run);
  const Item = payloadItem(run.project_id, run.id, large, Math.ceil((NOW + DAY) / 1000));
  await world.client.send(new PutCommand({ TableName: 'runs', Item }));
  const { definition } = await world.ports.runs.find({ project: run.project_id, run: run.id });
  expect(definition!.payload).toEqual(large);
});

test('a run whose payload is gone is not sent without it', async () => {
  const run = aRunOfEvent(anEventWith(large), { payload_with_event: true });
  await world.ports.runs.create(run);
  await expect(world.ports.runs.find({ project: run.project_id, run: run.id })).rejects.toThrow('payload');
});

test('what lies inline with the event lies inline with each run, all in one write unit', () => {
  const lengths = [0, 200, 400, 600, 800, 1_000, 2_000];
  const inlined = lengths.map((length) => {
    const body = incompressible(length);
    const event = anEvent({ event_name: 'a.rather.long-name.of-an.event', payload: { format: 'text', body } });
    const items = eventItems(event);
    if (items.length > 1) return false;
    const runs = definitionItems(
      aRunOfEvent(event, { payload: event.payload!, event: { name: event.event_name, key: 'inv_123' } }),
    );
    expect(runs).toHaveLength(1);
    for (const item of [...items, ...runs]) expect(bytesOf(item)).toBeLessThanOrEqual(1024);
    return true;
  });
  expect(inlined[0]).toBe(true);
  expect(inlined.at(-1)).toBe(false);
});

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
