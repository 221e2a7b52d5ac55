import { randomBytes } from 'node:crypto';
import { BatchWriteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { makeId } from '../../../functions/primitives/ids.js';
import { eventItems } from '../../../functions/storage/event-store.js';
import { clockKey } from '../../../functions/storage/keys.js';
import { createSweepLists } from '../../../functions/storage/sweep-lists.js';
import type { FanOutPage, PublishedEvent } from '../../../functions/subjects/events/event.js';
import { runOfEvent } from '../../../functions/subjects/events/event-runs.js';
import type { Project } from '../../../functions/subjects/projects/project.js';
import type { RunDefinition, RunState } from '../../../functions/subjects/task-runs/task-run.js';
import { anEvent } from '../../support/event-stories.js';
import { aRunOf, aState, DAY, NOW, type PipelineWorld, startPipelineWorld } from '../../support/pipeline-world.js';

let world: PipelineWorld;
let lists: ReturnType<typeof createSweepLists>;
beforeAll(async () => {
  world = await startPipelineWorld();
  lists = createSweepLists(
    { client: world.client, runs: 'runs', config: 'config', clock: world.ports.clock },
    { everyProject: async () => [], endpoints: async () => [] },
  );
});
afterAll(() => world.close());

const idAt = (at: number, shard = 0) => makeId('run', at, randomBytes(8), shard);

async function aRunAt(project: Project, at: number, change: Partial<RunState> | undefined, shard = 0): Promise<string> {
  const definition: RunDefinition = { ...aRunOf(project), id: idAt(at, shard) };
  await world.store([{ definition, ...(change && { state: aState(definition, change) }) }]);
  return definition.id;
}

describe('what was made in a stretch of time', () => {
  test('holds what is not over and not known to wait, of every shard, from behind its start up to its end', async () => {
    const project = world.addProject(2);
    const span = { from: NOW, until: NOW + 1_000 };
    const open = [
      await aRunAt(project, NOW + 1, undefined),
      await aRunAt(project, NOW + 1_000, { status: 'running' }, 1),
      await aRunAt(project, NOW + 500, { status: 'pending' }),
    ];
    await aRunAt(project, NOW, undefined);
    await aRunAt(project, NOW + 1_001, undefined, 1);
    for (const status of ['success', 'dead_letter', 'cancelled', 'skipped', 'retry_scheduled'] as const)
      await aRunAt(project, NOW + 500, { status });
    const { runs, events, until } = await lists.madeIn(project, span);
    expect([[...runs].sort(), events, until]).toEqual([open.sort(), [], span.until]);
  });

  test('a stretch with more than one look reads ends at a whole millisecond, and goes on from there', async () => {
    const project = world.addProject(2);
    const ids = Array.from({ length: 2_300 }, (_, n) => idAt(NOW + 1 + Math.floor(n / 5), n % 10 === 0 ? 1 : 0));
    await world.store(ids.map((id) => ({ definition: { ...aRunOf(project), id } })));
    const found: string[] = [];
    const ends: number[] = [];
    for (let from = NOW; from < NOW + 1_000; from = ends.at(-1)!) {
      const { runs, until } = await lists.madeIn(project, { from, until: NOW + 1_000 });
      found.push(...runs);
      ends.push(until);
    }
    expect(ends).toHaveLength(2);
    expect(found.sort()).toEqual(ids.sort());
  });

  test('so does one with more events', async () => {
    const project = world.addProject();
    const ids = Array.from({ length: 2_100 }, (_, n) => makeId('evt', NOW + 1 + Math.floor(n / 3), randomBytes(8)));
    const run = await aRunAt(project, NOW + 900, undefined);
    const items = ids.map((id) => eventItems(anEvent({ id, project_id: project.id })));
    for (let start = 0; start < items.length; start += 25)
      await world.client.send(
        new BatchWriteCommand({
          RequestItems: {
            runs: items.slice(start, start + 25).flatMap((own) => own.map((Item) => ({ PutRequest: { Item } }))),
          },
        }),
      );
    const first = await lists.madeIn(project, { from: NOW, until: NOW + 1_000 });
    expect([first.runs, first.until < NOW + 700]).toEqual([[], true]);
    const rest = await lists.madeIn(project, { from: first.until, until: NOW + 1_000 });
    expect([rest.runs, rest.until]).toEqual([[run], NOW + 1_000]);
    expect([...first.events, ...rest.events].map(({ event }) => event.id).sort()).toEqual(ids.sort());
  });

  test('an event is there until each of its pages is finished', async () => {
    const project = world.addProject();
    const page = { after: '', runs: [1, 2].map(() => anEventRun(world.addEndpoint(project).id)) };
    const finished = { ...page, made_at: NOW + 40 };
    const unmade = await publish(project, NOW + 10, [page]);
    const half = await publish(project, NOW + 11, [page], 'ntf');
    const done = await publish(project, NOW + 12, [finished]);
    const unfinished = await publish(project, NOW + 13, [{ ...finished, end: 'ep_5' }]);
    await publish(project, NOW + 20, [{ ...finished, runs: [] }], 'ntf');
    const untold = await publish(project, NOW + 30, [], 'ntf');
    await publish(project, NOW + 2_000, []);
    const made = [...madeBy(half, page).slice(1), ...madeBy(done, page), ...madeBy(unfinished, page)];
    for (const run of made) await world.ports.runs.create(run);
    const { runs, events } = await lists.madeIn(project, { from: NOW, until: NOW + 1_000 });
    expect([...runs].sort()).toEqual(made.map(({ id }) => id).sort());
    const open = [unmade, half, unfinished, untold].map(({ id }) => id);
    expect(events.map((stored) => stored.event.id).sort()).toEqual(open.sort());
  });
});

test('retries that wait or are made, and replays, are found by the index; nothing else', async () => {
  const project = world.addProject(2);
  const waiting = [
    await aRunAt(project, NOW, { status: 'retry_scheduled', attempt: 1 }),
    await aRunAt(project, NOW + 1, { status: 'running', attempt: 2 }, 1),
    await aRunAt(project, NOW + 2, { status: 'pending', attempt: 3, epoch: 1 }, 1),
  ];
  await aRunAt(project, NOW, { status: 'running', attempt: 1 });
  await aRunAt(project, NOW, { status: 'pending', attempt: 0 });
  await aRunAt(project, NOW, { status: 'success', attempt: 2, epoch: 1 });
  const { rows, end } = await lists.waiting(project, undefined);
  expect([rows.map(({ id }) => id), end]).toEqual([waiting.reverse(), undefined]);
  expect((await lists.waiting(project, waiting[0])).rows.map(({ id }) => id)).toEqual(waiting.slice(1));
});

test('of a million schedules those come that are late, a megabyte at a time', async () => {
  const project = world.addProject();
  const clocks = Array.from({ length: 40 }, (_, n) => ({
    id: makeId('sch', NOW + n, Buffer.alloc(8)),
    project_id: project.id,
    gen: 1,
    shard: 0,
    runs: 0,
    status: n % 4 === 0 ? ('paused' as const) : ('active' as const),
    next_at: n % 2 === 0 ? NOW : NOW + 1,
    tok: 'x'.repeat(60_000),
  }));
  for (const clock of clocks)
    await world.client.send(
      new PutCommand({ TableName: 'config', Item: { ...clock, ...clockKey(project.id, clock.id) } }),
    );
  const found: string[] = [];
  let pages = 0;
  for (let before: string | undefined; ; pages++) {
    const { rows, end } = await lists.lateClocks(project.id, NOW, before);
    found.push(...rows.map(({ id }) => id));
    if (end === undefined) break;
    before = end;
  }
  expect(pages).toBeGreaterThan(1);
  expect(found).toEqual(
    clocks
      .filter((_, n) => n % 4 === 2)
      .map(({ id }) => id)
      .reverse(),
  );
});

test('bulk replays that run are found, as long as they live', async () => {
  const project = world.addProject();
  const job = (n: number, change: object) => ({
    id: makeId('bulk', NOW, Buffer.alloc(8, n)),
    project_id: project.id,
    until: NOW,
    status: 'running' as const,
    cursor: '',
    done: 0,
    created_at: NOW,
    expires_at: NOW + DAY,
    ...change,
  });
  const jobs = [
    job(1, {}),
    job(2, { updated_at: NOW + 5 }),
    job(3, { status: 'completed' }),
    job(4, { expires_at: NOW - 1_000 }),
  ];
  for (const one of jobs) await world.ports.bulkJobs.create(one);
  expect(await lists.runningJobs(project.id)).toEqual(jobs.slice(0, 2));
});

function anEventRun(endpoint_id: string) {
  return { endpoint_id, lane: 'fast' as const, max_attempts: 3, expires_at: NOW + DAY };
}

async function publish(
  project: Project,
  at: number,
  pages: readonly FanOutPage[],
  prefix: 'evt' | 'ntf' = 'evt',
): Promise<PublishedEvent> {
  const event = anEvent({ id: makeId(prefix, at, randomBytes(8)), project_id: project.id, created_at: at });
  await world.ports.events.create(event);
  for (const page of pages) await world.ports.events.putPage(event, page);
  return event;
}

function madeBy(event: PublishedEvent, { runs }: FanOutPage) {
  return runs.map((run) => runOfEvent({ event, payloadApart: false }, run, event.payload));
}
