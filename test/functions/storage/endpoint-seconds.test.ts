import { randomBytes } from 'node:crypto';
import { makeId } from '../../../functions/primitives/ids.js';
import { createEndpointSeconds } from '../../../functions/storage/endpoint-seconds.js';
import type { Project } from '../../../functions/subjects/projects/project.js';
import type { RunDefinition } from '../../../functions/subjects/task-runs/task-run.js';
import {
  anAttempt,
  aRunOf,
  aState,
  DAY,
  NOW,
  type PipelineWorld,
  startPipelineWorld,
} from '../../support/pipeline-world.js';

let world: PipelineWorld;
const calls: string[] = [];
let fault: Error | undefined;

beforeAll(async () => {
  world = await startPipelineWorld();
  world.client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        calls.push(commandName!.replace('Command', ''));
        if (fault) throw fault;
        return next(args);
      },
    { step: 'initialize' },
  );
});
beforeEach(() => {
  calls.length = 0;
  fault = undefined;
  world.time.now = NOW;
});
afterAll(() => world.close());

const listed = async (project: Project, endpoint_id: string, limit = 20) => {
  const { rows } = await world.ports.runLists.runs([project], { endpoint_id }, undefined, limit);
  return rows.map(({ id }) => id);
};
const times = (name: string) => calls.filter((each) => each === name).length;

describe('noting the second of a run', () => {
  let project: Project;
  let endpoint_id: string;
  const note = (run: RunDefinition, seconds = createEndpointSeconds(world.client, 'runs')) => seconds.note(run);

  beforeEach(() => {
    project = world.addProject();
    endpoint_id = world.addEndpoint(project).id;
  });

  it('takes one write for all runs that an endpoint gets in it', async () => {
    const seconds = createEndpointSeconds(world.client, 'runs');
    const inOneSecond = Array.from({ length: 100 }, (_, n) => aRunOf(project, { endpoint_id }, -n * 9));
    await Promise.all(inOneSecond.map((run) => note(run, seconds)));
    for (const run of inOneSecond) await note(run, seconds);
    expect(calls).toEqual(['PutItem']);
    await note(aRunOf(project, { endpoint_id }, 1), seconds);
    await note(aRunOf(project, { endpoint_id: world.addEndpoint(project).id }), seconds);
    await note({ ...aRunOf(project, { endpoint_id }), id: makeId('run', NOW, randomBytes(8), 3) }, seconds);
    expect(times('PutItem')).toBe(4);
  });

  it('takes none for a run without an endpoint', async () => {
    await note(aRunOf(project));
    expect(calls).toEqual([]);
  });

  it('is tried again after it failed, by each caller that waited for it', async () => {
    const seconds = createEndpointSeconds(world.client, 'runs');
    const run = aRunOf(project, { endpoint_id });
    fault = new Error('throttled');
    const both = await Promise.allSettled([note(run, seconds), note(run, seconds)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fault = undefined;
    await note(run, seconds);
    expect(times('PutItem')).toBe(2);
  });

  it('remembers a bounded number of seconds, and writes a forgotten one again', async () => {
    const seconds = createEndpointSeconds(world.client, 'runs');
    const first = aRunOf(project, { endpoint_id });
    await note(first, seconds);
    const others = Array.from({ length: 1_000 }, (_, n) => aRunOf(project, { endpoint_id }, (n + 1) * 1_000));
    await Promise.all(others.map((run) => note(run, seconds)));
    calls.length = 0;
    await note(first, seconds);
    expect(calls).toEqual(['PutItem']);
  });

  it('lasts as long as the run that is kept for the longest, in whatever order', async () => {
    const [shorter, longer] = [30, 400].map((days) =>
      aRunOf(project, { endpoint_id, expires_at: NOW + days * DAY }),
    ) as [RunDefinition, RunDefinition];
    for (const run of [longer, shorter]) await world.ports.runs.create(run);
    expect(new Set(await listed(project, endpoint_id))).toEqual(new Set([shorter.id, longer.id]));
    world.time.now = NOW + 399 * DAY;
    expect(await listed(project, endpoint_id)).toEqual([longer.id]);
  });

  it('is done again for a run that is kept for longer than it was to be', async () => {
    const definition = aRunOf(project, { endpoint_id });
    await world.ports.runs.create(definition);
    await world.ports.runs.keepUntil({ definition }, NOW + 300 * DAY);
    world.time.now = NOW + 299 * DAY;
    expect(await listed(project, endpoint_id)).toEqual([definition.id]);
  });

  it('is done for an attempt from the second on', async () => {
    const definition = aRunOf(project, { endpoint_id });
    const attempt = anAttempt(definition, 2);
    await world.ports.runs.create(definition);
    await world.ports.runs.putAttempt(attempt, NOW + 30 * DAY);
    const state = aState(definition, { first_attempt: anAttempt(definition, 1), later_attempts: [attempt.id] });
    await world.ports.runs.begin({ project: project.id, run: definition.id }, state);
    const { rows } = await world.ports.runLists.attempts([project], { endpoint_id }, undefined, 10);
    expect(rows.map(({ attempt: number }) => number)).toEqual([2, 1]);
  });
});

describe('the list of an endpoint', () => {
  let project: Project;
  let busy: string;
  let quiet: string;
  const quietRuns: string[] = [];

  beforeAll(async () => {
    project = world.addProject();
    [busy, quiet] = [world.addEndpoint(project).id, world.addEndpoint(project).id];
    // Each second 20 runs of the one; every third second one of the other.
    const runs = Array.from({ length: 90 * 20 }, (_, n) => aRunOf(project, { endpoint_id: busy }, n * 50));
    for (let second = 0; second < 90; second += 3) {
      const run = aRunOf(project, { endpoint_id: quiet }, second * 1_000 + 500);
      quietRuns.push(run.id);
      runs.push(run);
    }
    await world.store(runs.map((definition) => ({ definition })));
  });

  it('reads no more than its newest seconds where it is busy', async () => {
    expect(await listed(project, busy)).toHaveLength(20);
    expect(calls.filter((name) => name !== 'BatchGetItem').length).toBeLessThanOrEqual(4);
  });

  it('fills a page where it is quiet, a growing number of seconds at a time', async () => {
    expect(await listed(project, quiet)).toEqual(quietRuns.slice(0, 20));
    // One for the seconds, then 1 + 2 + 4 + 8 + 16 of them.
    expect(times('Query')).toBeLessThanOrEqual(33);
    expect(times('BatchGetItem')).toBeLessThanOrEqual(5);
  });

  it('ends with the oldest of its runs', async () => {
    expect(await listed(project, quiet, 100)).toEqual(quietRuns);
  });

  it('ends a page among the many seconds of which nothing is kept any more, and goes on behind them', async () => {
    const { id } = world.addEndpoint(project);
    const kept = aRunOf(project, { endpoint_id: id }, 3_000 * 1_000);
    const gone = Array.from({ length: 2_010 }, (_, n) => aRunOf(project, { endpoint_id: id }, n * 1_000));
    await world.storeSeconds(gone);
    await world.store([{ definition: kept }]);
    const { runs } = world.ports.runLists;
    calls.length = 0;
    const { rows, end } = await runs([project], { endpoint_id: id }, undefined, 20);
    expect(rows).toEqual([]);
    expect(times('Query')).toBeLessThan(2_200);
    const next = await runs([project], { endpoint_id: id }, end, 20);
    expect(next.rows.map((row) => row.id)).toEqual([kept.id]);
    expect(next.end).toBeUndefined();
  });
});
