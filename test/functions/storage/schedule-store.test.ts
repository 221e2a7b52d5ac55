import { randomBytes } from 'node:crypto';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { makeId } from '../../../functions/primitives/ids.js';
import { changeSchedule, createSchedule, fire } from '../../../functions/protocol/schedules/schedule-chain.js';
import { clockKey } from '../../../functions/storage/keys.js';
import type { Project } from '../../../functions/subjects/projects/project.js';
import type { Schedule, ScheduleClock } from '../../../functions/subjects/schedules/schedule.js';
import { itemBytes } from '../../../local/dynamodb/item-size.js';
import { aRunOf, NOW, type PipelineWorld, startPipelineWorld } from '../../support/pipeline-world.js';

let world: PipelineWorld;
beforeAll(async () => {
  world = await startPipelineWorld();
});
afterAll(() => world.close());
afterEach(() => void world.fires.splice(0));

async function aClock(change: Partial<ScheduleClock> = {}): Promise<ScheduleClock> {
  const id = makeId('sch', NOW, randomBytes(8));
  const clock: ScheduleClock = {
    id,
    project_id: makeId('proj', NOW, randomBytes(8)),
    gen: 3,
    shard: 0,
    status: 'active',
    next_at: NOW + 60_000,
    tok: 'a',
    runs: 7,
    ahead: [NOW],
    dropped: [],
    ...change,
  };
  await world.ports.schedules.begin(clock);
  return clock;
}

const aSchedule = (project: Project, change: Partial<Schedule>): Schedule => ({
  id: makeId('sch', NOW, randomBytes(8)),
  project_id: project.id,
  name: 'ticking',
  timezone: 'UTC',
  target: { url: 'https://example.com', method: 'POST', headers: {}, timeout_ms: 1_000 },
  overlap_policy: 'allow',
  misfire_policy: 'fire_once',
  misfire_grace_seconds: 60,
  created_at: NOW,
  updated_at: NOW,
  version: 1,
  ...change,
});

type Typed = { readonly [type: string]: unknown };

function typed(value: unknown): Typed {
  if (Array.isArray(value)) return { L: value.map(typed) };
  return typeof value === 'number' ? { N: `${value}` } : { S: value };
}

const found = async ({ project_id, id }: ScheduleClock) =>
  (await world.ports.schedules.find({ project: project_id, schedule: id })).clock;

describe.each(['moveOn', 'renew'] as const)('%s', (write) => {
  test('writes position, count and lists; the overlap lock stays as it is', async () => {
    const { schedules } = world.ports;
    const seen = await aClock();
    expect(await schedules.takeLock(seen, 'run_1', 'claim')).toBe(true);
    const { next_at: _next, tok: _tok, ...kept } = seen;
    const next = { ...kept, runs: 9, ahead: [NOW, NOW + 1], dropped: [NOW + 2], status: 'completed' } as const;
    expect(await schedules[write](seen, next)).toBe(true);
    expect(await found(seen)).toEqual({ ...next, lock_run: 'run_1', lock_claim: 'claim' });
  });

  test('is refused once the position has moved on, or the generation has: neither loses the count of the other', async () => {
    const { schedules } = world.ports;
    for (const change of [{ next_at: NOW + 120_000 }, { gen: 4 }]) {
      const seen = await aClock();
      const moved = { ...seen, ...change, runs: 8 };
      expect(await schedules.renew(seen, moved)).toBe(true);
      expect(await schedules[write](seen, { ...seen, next_at: NOW + 60_001, runs: 100 })).toBe(false);
      expect(await found(seen)).toEqual(moved);
    }
  });
});

test('a fire of a minutely schedule costs two writes: its run, and the clock', async () => {
  const project = world.addProject();
  const schedule = aSchedule(project, { cron: '* * * * *' });
  await createSchedule(world.ports, schedule, 'active', 0);
  const send = jest.spyOn(world.client, 'send');
  for (let minute = 0; minute < 3; minute++) {
    const [{ token, due }] = world.fires.splice(0) as [(typeof world.fires)[number]];
    world.time.now = due;
    send.mockClear();
    await fire(world.ports, token);
    const commands = send.mock.calls.map(([command]) => command.constructor.name);
    expect(commands).toEqual(['BatchGetCommand', 'PutCommand', 'UpdateCommand']);
  }
  send.mockRestore();
});

/** As the widest clock: every second, and the lists full after a change. */
test('a clock takes one write unit', async () => {
  const project = world.addProject();
  const schedule = aSchedule(project, { cron: '* * * * * *', overlap_policy: 'skip' });
  await createSchedule(world.ports, schedule, 'active', 0);
  const clock = async () => (await found({ project_id: project.id, id: schedule.id } as ScheduleClock))!;
  for (let minute = 0; minute < 2; minute++) {
    const [{ token, due }] = world.fires.splice(0) as [(typeof world.fires)[number]];
    world.time.now = due;
    await fire(world.ports, token);
  }
  const { id } = aRunOf(project);
  await world.ports.schedules.takeLock(await clock(), id, id.replace('run', 'att'));
  const bytes = async () => {
    const { Item } = await world.client.send(
      new GetCommand({ TableName: 'config', Key: clockKey(project.id, schedule.id) }),
    );
    return itemBytes(Object.fromEntries(Object.entries(Item!).map(([name, value]) => [name, typed(value)])));
  };
  expect((await clock()).ahead!.length).toBeGreaterThan(60);
  expect(await bytes()).toBeLessThan(1024);
  const seen = { schedule, clock: await clock() };
  await changeSchedule(world.ports, { ...schedule, cron: '*/2 * * * * *', version: 2 }, seen, 'active');
  expect((await clock()).dropped!.length).toBeGreaterThan(29);
  expect(await bytes()).toBeLessThan(1024);
});
