import { routes } from '../../../../functions/api/routes/retry-jobs.js';
import { NotFoundError } from '../../../../functions/primitives/faults.js';
import { makeId } from '../../../../functions/primitives/ids.js';
import type { Project } from '../../../../functions/subjects/projects/project.js';
import type { RunDefinition, RunState } from '../../../../functions/subjects/task-runs/task-run.js';
import { callRoute, type Json } from '../../../support/call-route.js';
import {
  anAttempt,
  aRunOf,
  aState,
  NOW,
  type PipelineWorld,
  startPipelineWorld,
} from '../../../support/pipeline-world.js';

let world: PipelineWorld;
let project: Project;
let other: Project;
beforeAll(async () => {
  world = await startPipelineWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  project = world.addProject(2);
  other = world.addProject();
  world.sent.length = 0;
  world.notices.length = 0;
});

const call = (method: 'GET' | 'POST' | 'DELETE', path: string, more: object = {}) =>
  callRoute(routes, world.ports, { method, path, projects: [project], ...more });

async function aWaitingRun(change: Partial<RunState> = {}, owner = project, age = 0): Promise<RunDefinition> {
  const definition = aRunOf(owner, {}, age);
  const state = aState(definition, {
    status: 'retry_scheduled',
    attempt: 2,
    due: NOW + 120_000,
    last_error: { code: 'http_503', message: 'The endpoint answered 503.' },
    first_attempt: anAttempt(definition, 1),
    ...change,
  });
  await world.store([{ definition, state }]);
  return definition;
}

const jobOf = (run: RunDefinition) => run.id.replace('run', 'rj');
const stateOf = async (run: RunDefinition) =>
  (await world.ports.runs.find({ project: run.project_id, run: run.id })).state;

it('lists and shows what waits', async () => {
  const [newer, older] = [await aWaitingRun({}, project, 1), await aWaitingRun({}, project, 2)];
  await aWaitingRun({ status: 'running' });
  await aWaitingRun({}, other);
  const { body } = await call('GET', '/v1/retry-jobs?page_size=1');
  const expected = {
    id: jobOf(newer),
    project_id: project.id,
    task_id: newer.id,
    name: null,
    endpoint_id: null,
    attempt: 3,
    run_at: new Date(NOW + 120_000).toISOString(),
    last_error: { code: 'http_503', message: 'The endpoint answered 503.' },
  };
  expect(body).toEqual({ data: [expected], page: 1, page_size: 1, next_cursor: jobOf(newer) });
  const rest = await call('GET', `/v1/retry-jobs?cursor=${body.next_cursor}`);
  expect(rest.body.data.map(({ id }: Json) => id)).toEqual([jobOf(older)]);
  expect((await call('GET', `/v1/retry-jobs/${jobOf(newer)}`)).body).toEqual(expected);
});

it('runs one now: token first, then the due moment', async () => {
  const run = await aWaitingRun();
  const { status, location, body } = await call('POST', `/v1/retry-jobs/${jobOf(run)}/run`);
  expect({ status, location }).toEqual({ status: 202, location: `/v1/tasks/${run.id}` });
  expect(body).toMatchObject({ id: run.id, next_attempt_at: new Date(NOW).toISOString() });
  expect(world.sent).toMatchObject([{ token: { kind: 'deliver', run: run.id, attempt: 3 }, due: NOW }]);
  expect((await call('POST', `/v1/retry-jobs/${jobOf(run)}/run`)).status).toBe(202);
});

it('answers a repeated request whose first try was overtaken by its own token', async () => {
  const nonce = makeId('att', NOW + 50, Buffer.alloc(8, 1));
  const run = await aWaitingRun({ status: 'success', attempt: 3, nonce });
  const repeat = { pins: { seed: 'k', now: NOW } };
  expect((await call('POST', `/v1/retry-jobs/${jobOf(run)}/run`, repeat)).status).toBe(202);
  expect(world.sent).toEqual([]);
  const late = { pins: { seed: 'l', now: NOW + 1_000 } };
  await expect(call('POST', `/v1/retry-jobs/${jobOf(run)}/run`, late)).rejects.toThrow(NotFoundError);
});

it('gives one up: the run becomes a dead letter', async () => {
  const run = await aWaitingRun();
  const repeat = { pins: { seed: 'k', now: NOW } };
  expect(await call('DELETE', `/v1/retry-jobs/${jobOf(run)}`, repeat)).toMatchObject({ status: 204 });
  expect(await stateOf(run)).toMatchObject({ status: 'dead_letter', reason: 'given_up' });
  expect(await world.ports.deadLetters.find({ project: project.id, run: run.id })).toMatchObject({
    reason: 'given_up',
    status: 'open',
  });
  expect(world.sent).toMatchObject([{ token: { kind: 'settle', run: run.id, attempt: 2 } }]);
  expect(world.disarmed).toContain(`${run.id} 3`);
  // The same request again, its first answer lost; and another one, later.
  expect(await call('DELETE', `/v1/retry-jobs/${jobOf(run)}`, repeat)).toMatchObject({ status: 204 });
  const later = { pins: { seed: 'l', now: NOW + 1 } };
  await expect(call('DELETE', `/v1/retry-jobs/${jobOf(run)}`, later)).rejects.toThrow(NotFoundError);
});

it('knows no job of another project, none that does not wait, and none of a wrong form', async () => {
  const [foreign, running] = [await aWaitingRun({}, other), await aWaitingRun({ status: 'running' })];
  for (const id of [jobOf(foreign), jobOf(running), running.id, 'rj_1']) {
    await expect(call('GET', `/v1/retry-jobs/${id}`)).rejects.toThrow(NotFoundError);
    await expect(call('POST', `/v1/retry-jobs/${id}/run`)).rejects.toThrow(NotFoundError);
    await expect(call('DELETE', `/v1/retry-jobs/${id}`)).rejects.toThrow(NotFoundError);
  }
  expect((await stateOf(foreign))?.status).toBe('retry_scheduled');
});
