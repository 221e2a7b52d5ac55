import { randomBytes } from 'node:crypto';
import { makeId } from '../../../../functions/primitives/ids.js';
import type { ProjectRow, RemovalPorts } from '../../../../functions/protocol/projects/removal-ports.js';
import { removeProjects } from '../../../../functions/protocol/projects/remove-project.js';
import { createConfigStore } from '../../../../functions/storage/config-store.js';
import * as keys from '../../../../functions/storage/keys.js';
import { createProjectRows, ENDINGS } from '../../../../functions/storage/project-rows.js';
import type { Project } from '../../../../functions/subjects/projects/project.js';
import type { Schedule } from '../../../../functions/subjects/schedules/schedule.js';
import { allItems } from '../../../support/all-items.js';
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

const MINUTE = 60_000;
const QUIET_MS = 10 * MINUTE;
const NAMES = { config: 'config', runs: 'runs', deadLetters: 'letters' };
const never = () => false;

let world: PipelineWorld;
let store: ReturnType<typeof createConfigStore>;
let failures: unknown[];
beforeAll(async () => {
  world = await startPipelineWorld();
  store = createConfigStore(world.client, 'config', world.ports.clock);
});
beforeEach(() => {
  failures = [];
  world.time.now = NOW;
  world.disarmed.length = 0;
});
afterAll(() => world.close());

const ports = (): RemovalPorts => ({
  ...world.ports,
  config: store,
  projectRows: createProjectRows(world.client, NAMES),
  quietMs: QUIET_MS,
  onFailure: (_what, error) => void failures.push(error),
});

/** A project with rows of many families, deleted just now. */
async function aDeletedProject(): Promise<Project> {
  const project = await store.createProject({ ...world.addProject(2), deleted_at: NOW });
  const { id: project_id } = project;
  const id = (prefix: 'ep' | 'rp' | 'ak' | 'sch' | 'evt') => makeId(prefix, NOW, randomBytes(8), 1);
  const settings = { project_id, created_at: NOW, updated_at: NOW };
  const endpoint = { ...world.addEndpoint(project), event_filters: ['a.*', 'a.b'] };
  await store.createEndpoint(endpoint);
  await store.createRetryPolicy({ id: id('rp'), name: 'p', ...settings } as never);
  for (const hash of ['1', '2']) {
    const key = { id: id('ak'), label: 'k', last_four: hash, signing_secret: 's', project_id, created_at: NOW };
    await store.createKey(key, project_id + hash);
    if (hash === '2') await store.revokeKey(project_id, key.id, NOW);
  }
  await world.ports.names.claim({ project: project_id, kind: 'ep', name: 'billing' }, endpoint.id);
  const schedule = id('sch');
  await world.ports.schedules.putSchedule({ id: schedule, project_id, version: 1 } as Schedule);
  const clock = { id: schedule, project_id, gen: 1, status: 'active', next_at: NOW + DAY, tok: 't', runs: 0, shard: 0 };
  await world.ports.schedules.begin(clock as never);
  const far = aRunOf(project, { endpoint_id: endpoint.id, due: NOW + DAY });
  const retried = aRunOf(project, { endpoint_id: endpoint.id });
  const big = aRunOf(project, {
    payload: { format: 'json', body: JSON.stringify(randomBytes(9_000).toString('hex')) },
  });
  const waits = { status: 'retry_scheduled', due: NOW + DAY, attempt: 2 } as const;
  await world.store([
    { definition: far },
    { definition: retried, state: aState(retried, waits), later: [anAttempt(retried, 2)] },
    { definition: big, state: aState(big, { status: 'success' }) },
  ]);
  await world.bury([aLetter(big)]);
  const token = { kind: 'deliver', project: project_id, run: far.id, group: 'g', sent_at: NOW, hop: 0 } as const;
  // The endpoint of this held run was deleted before.
  const gone = aRunOf(project, { endpoint_id: id('ep') });
  await world.store([{ definition: gone }]);
  for (const { endpoint_id, id: run } of [far, gone])
    await world.ports.heldRuns.put({
      ...{ project: project_id, endpoint: endpoint_id!, nonce: 'n', left_ms: 1 },
      token: { ...token, run, attempt: 1, due: NOW },
    });
  await world.ports.limits.bookMoment({ project: project_id, endpoint: endpoint.id }, 1_000, NOW);
  const event = { id: id('evt'), project_id, event_name: 'a.b', created_at: NOW, expires_at: NOW + DAY };
  await world.ports.events.create(event);
  await world.ports.events.putPage(event, { after: '', decided_at: NOW, runs: [], end: null } as never);
  return project;
}

/** Keys of all rows that name the project. */
async function rowsOf({ id }: Project): Promise<string[]> {
  const items = (await Promise.all(Object.values(NAMES).map((name) => allItems(world.client, name)))).flat();
  return items.filter((item) => JSON.stringify(item).includes(id)).map(({ pk, sk }) => `${pk} ${sk}`);
}

const tombstoneOf = ({ id }: Project) => [`PROJECTS ${id}`];

test('every key family says how it ends with its project', () => {
  const families = Object.keys(keys).filter((name) => /(Key|Partition)$/.test(name));
  expect(Object.keys(ENDINGS).sort()).toEqual(families.sort());
});

test('the data goes at once, the settings after a quiet time; wake-ups that are named are taken back', async () => {
  const project = await aDeletedProject();
  const other = await aDeletedProject();
  await store.changeProject(other.id, ({ deleted_at: _at, ...live }) => live);
  const others = await rowsOf(other);
  expect((await rowsOf(project)).length).toBeGreaterThan(20);

  await removeProjects(ports(), never);
  const settings = await rowsOf(project);
  expect(settings.every((row) => !/#[RPDESBQO]#?/.test(row))).toBe(true);
  expect((await store.endpoints(project.id, undefined, 9)).map((it) => it.project_deleted)).toEqual([true]);
  expect(await store.keys(project.id, undefined, 9)).toEqual([]);
  const [schedule, ...runs] = world.disarmed.sort().reverse();
  expect(schedule).toMatch(/^sch_\w+ 1$/);
  expect(runs.map((one) => one.split(' ')[1]).sort()).toEqual(['1', '3']);

  world.time.now += QUIET_MS - 1;
  await removeProjects(ports(), never);
  expect(await rowsOf(project)).toEqual(settings);
  expect((await store.project(project.id))!.removal!.finished_at).toBeUndefined();

  world.time.now += 1;
  await removeProjects(ports(), never);
  expect(await rowsOf(project)).toEqual(tombstoneOf(project));
  const tombstone = (await store.project(project.id))!;
  expect(tombstone).not.toHaveProperty('signing_secret');
  const { removal } = tombstone;
  expect(removal).toEqual({ rows: expect.any(Number), found_at: expect.any(Number), finished_at: NOW + QUIET_MS });
  expect(removal!.rows).toBeGreaterThan(20);
  expect(await rowsOf(other)).toEqual(others);
  expect(failures).toEqual([]);
});

test('a row that a function at work has written begins the quiet time anew', async () => {
  const project = await aDeletedProject();
  await removeProjects(ports(), never);
  world.time.now += QUIET_MS;
  await world.store([{ definition: aRunOf(project) }]);
  await removeProjects(ports(), never);
  expect((await rowsOf(project)).length).toBeGreaterThan(1);
  world.time.now += QUIET_MS;
  await removeProjects(ports(), never);
  expect(await rowsOf(project)).toEqual(tombstoneOf(project));
});

test('a round that has no time left stops between two pages, and the next one goes on', async () => {
  const project = await aDeletedProject();
  let asked = 0;
  for (let round = 0; round < 100; round++) {
    asked = 0;
    await removeProjects(ports(), () => ++asked > 2);
    world.time.now += 15 * MINUTE;
    if ((await store.project(project.id))!.removal?.finished_at) break;
  }
  expect(await rowsOf(project)).toEqual(tombstoneOf(project));
});

/** The ports, of which the `death`-th call dies: before its work for an even number, after it for an odd one. */
function dyingAt(death: number, whole: RemovalPorts) {
  let call = 0;
  const mortal = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const member = target[name as keyof Port];
        if (typeof member !== 'function' || name === 'data' || name === 'settings') return member;
        return async (...given: unknown[]) => {
          const mine = call++ * 2;
          if (mine >= death) throw new Error('died');
          const result = await member.apply(target, given);
          if (mine + 1 >= death) throw new Error('died');
          return result;
        };
      },
    });
  const { config, projectRows, schedules, wakeUps } = whole;
  const parts = { config: mortal(config), projectRows: mortal(projectRows), schedules: mortal(schedules) };
  return { ports: { ...whole, ...parts, wakeUps: mortal(wakeUps) }, calls: () => call };
}

/** `remove-project.slow.test.ts` has every call. */
const CALLS_APART = Number(process.env['CALLS_APART'] ?? 9);

test('wherever a round dies, the next ones remove the rest', async () => {
  let death = 0;
  for (let isDone = false; !isDone; death += CALLS_APART) {
    world.time.now = NOW;
    const project = await aDeletedProject();
    const { ports: mortal, calls } = dyingAt(death, ports());
    for (const wait of [0, QUIET_MS]) {
      world.time.now += wait;
      await removeProjects(mortal, never).catch(() => {});
    }
    isDone = calls() * 2 < death;
    for (const wait of [0, QUIET_MS, QUIET_MS]) {
      world.time.now += wait;
      await removeProjects(ports(), never);
    }
    expect({ death, left: await rowsOf(project) }).toEqual({ death, left: tombstoneOf(project) });
  }
  expect(death).toBeGreaterThan(60);
}, 300_000);

test('of a run the state goes before the definition', async () => {
  const project = world.addProject();
  const run = aRunOf(project);
  await world.store([{ definition: run, state: aState(run, { status: 'success' }) }]);
  const pages: ProjectRow[] = [];
  for await (const page of createProjectRows(world.client, NAMES).data(project)) pages.push(...page);
  expect(pages.map(({ sk }) => sk)).toEqual([`${run.id}#s`, run.id]);
});
