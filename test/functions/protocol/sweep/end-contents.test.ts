import { randomBytes } from 'node:crypto';
import { makeId } from '../../../../functions/primitives/ids.js';
import { type ContentPorts, endContents } from '../../../../functions/protocol/sweep/end-contents.js';
import { createSweepStore } from '../../../../functions/storage/sweep-store.js';
import { payloadOf } from '../../../../functions/subjects/events/event.js';
import { runOfEvent } from '../../../../functions/subjects/events/event-runs.js';
import type { Project } from '../../../../functions/subjects/projects/project.js';
import type { RunDefinition, RunState } from '../../../../functions/subjects/task-runs/task-run.js';
import { anEvent } from '../../../support/event-stories.js';
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

let world: PipelineWorld;
beforeAll(async () => {
  world = await startPipelineWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.time.now = NOW;
});

const SECRET = { format: 'text', body: 'of a customer' } as const;
const failures: unknown[] = [];

/** Rounds a quarter of an hour apart are told as one a day. */
async function endOn(project: Project, change: Partial<ContentPorts> = {}, steps = Infinity): Promise<void> {
  let asked = 0;
  const ports: ContentPorts = {
    ...world.ports,
    sweep: createSweepStore(world.client, 'runs'),
    lists: { projects: async () => [project] },
    onFailure: (_what, error) => void failures.push(error),
    ...change,
  };
  await endContents(ports, () => asked++ >= steps);
  expect(failures.splice(0)).toEqual([]);
}

function aProject(payload_days = 7): Project {
  return { ...world.addProject(), payload_days };
}

/** A run with content in its payload and two attempts, which ended `days` ago. */
function endedRun(project: Project, days: number, change: Partial<RunState> = {}, run: Partial<RunDefinition> = {}) {
  const definition = aRunOf(project, { payload: SECRET, ...run }, days * DAY + 60_000);
  const [first, second] = [1, 2].map((n) => anAttempt(definition, n, { response_body: SECRET.body }));
  const ended = { status: 'success', attempt: 2, finished_at: NOW - days * DAY } as const;
  const state = aState(definition, { ...ended, first_attempt: first!, later_attempts: [second!.id], ...change });
  return { definition, state, later: [second!] };
}

const keyOf = ({ definition }: { definition: RunDefinition }) => ({
  project: definition.project_id,
  run: definition.id,
});

/** Whether something of it can be read. */
async function hasContent(run: ReturnType<typeof endedRun>): Promise<boolean> {
  const found = await world.ports.runs.find(keyOf(run));
  const later = await world.ports.runs.attempts(keyOf(run).project, run.state.later_attempts);
  const letter = await world.ports.deadLetters.find(keyOf(run));
  return JSON.stringify([found, later, letter]).includes(SECRET.body);
}

test('content ends as many days after its run; status, times and attempts stay', async () => {
  const project = aProject();
  const [old, young] = [endedRun(project, 8), endedRun(project, 6)];
  const other = endedRun(world.addProject(), 8);
  await world.store([old, young, other]);
  await endOn(project);
  expect(await Promise.all([old, young, other].map(hasContent))).toEqual([false, true, true]);
  const { definition, state } = await world.ports.runs.find(keyOf(old));
  expect(definition).toMatchObject({ due: old.definition.due, redacted_at: NOW });
  expect(state).toMatchObject({ status: 'success', first_attempt: { http_status: 503 }, finished_at: NOW - 8 * DAY });
  world.time.now += 2 * DAY;
  await endOn(project);
  expect(await hasContent(young)).toBe(false);
});

test('a project without payload_days, or a deleted one, keeps all as long as its runs', async () => {
  const { payload_days: _none, ...project } = aProject();
  const run = endedRun(project, 20);
  await world.store([run]);
  await endOn(project);
  await endOn({ ...project, payload_days: 1, deleted_at: NOW });
  expect(await hasContent(run)).toBe(true);
});

test('a run that ends long after it was made is looked at again when its days are over', async () => {
  const project = aProject();
  const long = endedRun(project, 1, {}, { id: makeId('run', NOW - 10 * DAY, randomBytes(8)) });
  const { finished_at: _none, ...open } = long.state;
  await world.store([{ ...long, state: { ...open, status: 'retry_scheduled' } }]);
  await endOn(project);
  await world.store([{ ...long, state: { ...long.state, finished_at: NOW + DAY } }]);
  for (let day = 1; day <= 9; day++) {
    world.time.now = NOW + day * DAY;
    await endOn(project);
    expect([day, await hasContent(long)]).toEqual([day, day < 8]);
  }
});

test('an open dead letter is resolved, since it cannot be replayed without its payload', async () => {
  const project = aProject();
  const dead = endedRun(project, 8, { status: 'dead_letter' });
  await world.store([dead]);
  await world.bury([
    aLetter(dead.definition, { last_attempt: anAttempt(dead.definition, 2, { response_body: SECRET.body }) }),
  ]);
  await endOn(project);
  expect(await hasContent(dead)).toBe(false);
  const note = 'Its content has ended, after 7 days.';
  expect(await world.ports.deadLetters.find(keyOf(dead))).toMatchObject({ status: 'resolved', note });
});

test('a dead letter that is being replayed keeps its payload', async () => {
  const project = aProject();
  const dead = endedRun(project, 8, { status: 'dead_letter' });
  await world.store([dead]);
  await world.bury([aLetter(dead.definition, { status: 'replayed' })]);
  await endOn(project);
  expect(await hasContent(dead)).toBe(true);
});

test('a dead letter whose run is gone ends, too, unless a replay has just begun', async () => {
  const project = aProject();
  const dead = endedRun(project, 40);
  await world.bury([
    aLetter(dead.definition, { created_at: NOW - 40 * DAY }),
    aLetter(aRunOf(project, { payload: SECRET }, 8 * DAY), { created_at: NOW - 6 * DAY }),
    aLetter(aRunOf(project, { payload: SECRET }, 8 * DAY), { created_at: NOW - 8 * DAY, status: 'replayed' }),
  ]);
  await endOn(project);
  expect(await hasContent(dead)).toBe(false);
  const { rows } = await world.ports.deadLetterLists.list([project], {}, undefined, 9);
  expect(
    rows
      .filter(({ run }) => run.payload)
      .map(({ status }) => status)
      .sort(),
  ).toEqual(['open', 'replayed']);
});

test.each([
  ['beside it', 1],
  ['apart', 500],
])('the payload of an event, %s, ends after that of its runs', async (_where, times) => {
  const project = aProject();
  const payload = {
    format: 'text',
    body: Array.from({ length: times }, () => `${SECRET.body} ${randomBytes(9).toString('hex')}`).join(),
  } as const;
  const event = anEvent({
    id: makeId('evt', NOW - 9 * DAY, randomBytes(8)),
    project_id: project.id,
    payload,
    created_at: NOW - 9 * DAY,
    expires_at: NOW + 30 * DAY,
  });
  const { events, runs } = world.ports;
  await events.create(event);
  const [ep_1, ep_2] = ['ep_1', 'ep_2'].map(
    (endpoint_id) => ({ endpoint_id, lane: 'fast', max_attempts: 3, expires_at: NOW + 30 * DAY }) as const,
  );
  const page = { after: '', runs: [ep_1!, ep_2!] };
  await events.putPage(event, page);
  await events.finishPage(event, page, NOW - 9 * DAY);
  const stored = async () => (await events.find(project.id, event.id))!;
  const body = async () => (await payloadOf(events, await stored()))?.body;
  const made = [ep_1!, ep_2!].map((run) =>
    runOfEvent({ event, payloadApart: times > 1 }, run, times > 1 ? undefined : payload),
  );
  for (const run of made) await runs.create(run);
  const end = (run: RunDefinition, at: number) =>
    runs.begin({ project: project.id, run: run.id }, aState(run, { status: 'success', finished_at: at }));
  await end(made[0]!, NOW - 9 * DAY);
  await endOn(project);
  expect(await body()).toContain(SECRET.body);
  expect((await runs.find({ project: project.id, run: made[1]!.id })).definition?.payload?.body).toContain(SECRET.body);
  await end(made[1]!, NOW - 8 * DAY);
  for (let day = 1; day <= 3; day++) {
    world.time.now = NOW + day * DAY;
    await endOn(project);
  }
  expect(await body()).toBeUndefined();
  expect((await stored()).event).toMatchObject({ id: event.id, redacted_at: expect.any(Number) });
});

test('a walk that dies, or runs out of time, anywhere ends all the same', async () => {
  const project = aProject();
  const runs = Array.from({ length: 4 }, (_, n) => endedRun(project, 8 + n));
  const open = endedRun(project, 8, { status: 'running' });
  await world.store([...runs, open]);
  const store = createSweepStore(world.client, 'runs');
  const dies = async (): Promise<never> => Promise.reject(new Error('dies'));
  for (const sweep of [
    { ...store, putLater: dies },
    { ...store, putContentPosition: dies },
  ])
    await expect(endOn(project, { sweep })).rejects.toThrow();
  failures.length = 0;
  await world.store([{ ...open, state: { ...open.state, status: 'success', finished_at: NOW - 8 * DAY } }]);
  for (let round = 0; round < 12; round++) {
    await endOn(project, {}, 1);
    world.time.now += DAY / 4;
  }
  expect(await Promise.all([...runs, open].map(hasContent))).toEqual([false, false, false, false, false]);
});
