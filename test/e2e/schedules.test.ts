import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { expectStatus } from '../support/http-client.js';
import { suiteWorld } from '../support/suite-world.js';
import type { World } from '../support/world.js';

const starting = suiteWorld();
const PATH = '/v1/schedules';

// biome-ignore lint/suspicious/noExplicitAny: what an answer holds is for the test to say
type Json = any;

async function schedule(world: World, change: object): Promise<Json> {
  return expectStatus(await world.api.post(PATH, { name: 'tick', overlap_policy: 'allow', ...change }), 201).body;
}

async function history(world: World, id: string): Promise<Json[]> {
  return expectStatus(await world.api.get(`${PATH}/${id}/runs?page_size=100`), 200).body.data;
}

async function lateness(world: World, runs: readonly Json[]): Promise<number[]> {
  const found = await Promise.all(runs.map(({ id }) => world.run(id)));
  return found.flatMap((run) => run.attempts.map((attempt: Json) => attempt.lateness_ms));
}

test.concurrent('a cron with seconds fires on each of its seconds, once, and never early', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/ok');
  // Far enough ahead for the functions to be warm, as they are in the middle of a day.
  const start_at = new Date(Date.now() + 10_000).toISOString();
  const options = { cron: '*/2 * * * * *', endpoint_id: endpoint.id, max_runs: 5, start_at };
  const { id } = await schedule(world, options);
  const shown = await eventually(
    'five runs',
    async () => {
      const { body } = await world.api.get(`${PATH}/${id}`);
      const runs = await history(world, id);
      return body.status === 'completed' && runs.every(({ status }) => status === 'success') ? runs : undefined;
    },
    30_000,
  );
  const moments = shown.map(({ run_at }) => Date.parse(run_at)).reverse();
  expect(moments).toHaveLength(5);
  expect(moments.map((at) => at - moments[0]!)).toEqual([0, 2_000, 4_000, 6_000, 8_000]);
  const late = (await lateness(world, shown)).sort((a, b) => a - b);
  expect(late[0]).toBeGreaterThanOrEqual(0);
  expect(late[2]).toBeLessThan(250); // the median: single ones suffer from what else this machine does
  for (const run of shown) expect(await world.received(run.id)).toHaveLength(1);
});

test.concurrent('raising the shards of a project makes no second run, and hides none', async () => {
  const world = await starting;
  const { project, api, operator } = await world.newProject();
  const target = { url: `${world.stack.receiver}/ok` };
  const start_at = new Date(Date.now() + 6_000).toISOString();
  const ticking = { name: 'tick', cron: '* * * * * *', target, overlap_policy: 'allow', max_runs: 6, start_at };
  const { id } = expectStatus(await api.post(PATH, ticking), 201).body;
  const tasks = async () => {
    const entries = { tasks: Array.from({ length: 20 }, () => ({ target })) };
    const { data } = expectStatus(await api.post('/v1/tasks/batch', entries), 200).body;
    return data.map((entry: Json) => entry.task.id);
  };
  const ids = await tasks();
  await sleep(Date.parse(start_at) + 2_500 - Date.now()); // in the midst of the ticks
  expectStatus(await operator.send('PATCH', `/v1/projects/${project.id}`, { shards: 4 }), 200);
  ids.push(...(await tasks()));
  const shown = await eventually('all are delivered', async () => {
    const { data } = expectStatus(await api.get('/v1/tasks?status=success&page_size=100'), 200).body;
    return data.length >= ids.length + 6 ? (data as Json[]) : undefined;
  });
  const fired: Json[] = shown.filter(({ source }) => source.id === id);
  expect(new Set(fired.map(({ run_at }) => run_at)).size).toBe(6);
  expect(shown.map((run) => run.id).sort()).toEqual([...ids, ...fired.map((run) => run.id)].sort());
  const { data } = expectStatus(await api.get(`${PATH}/${id}/runs`), 200).body;
  expect(data.map((run: Json) => run.id)).toEqual(fired.map((run) => run.id));
});

test.concurrent('a paused schedule calls nothing; a run can still be asked for; deleted, it is gone', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/ok');
  const { id } = await schedule(world, { cron: '* * * * * *', endpoint_id: endpoint.id });
  await eventually('a first run', async () => (await history(world, id)).some(({ status }) => status === 'success'));
  expectStatus(await world.api.send('PATCH', `${PATH}/${id}`, { status: 'paused' }), 200);
  await sleep(1_000); // a call that was on its way
  const before = (await history(world, id)).filter(({ status }) => status === 'success').length;
  await sleep(3_000);
  expect((await history(world, id)).filter(({ status }) => status === 'success')).toHaveLength(before);
  const manual = expectStatus(await world.api.post(`${PATH}/${id}/run`), 202).body;
  expect(await world.reached(manual.id, 'success')).toMatchObject({ source: { type: 'manual', id } });
  expectStatus(await world.api.send('DELETE', `${PATH}/${id}`), 204);
  expectStatus(await world.api.get(`${PATH}/${id}`), 404);
});

test.concurrent('skip: what is due while a run executes is skipped', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/slow/6000', { timeout_ms: 10_000 });
  const options = { cron: '* * * * * *', endpoint_id: endpoint.id, overlap_policy: 'skip', max_runs: 3 };
  const { id } = await schedule(world, options);
  const runs = await eventually(
    'all runs ended',
    async () => {
      const found = await history(world, id);
      return found.length === 3 && found.every(({ status }) => /success|skipped/.test(status)) ? found : undefined;
    },
    30_000,
  );
  // Which of them comes first is the queue's affair when all are due within seconds.
  expect(runs.map(({ status }) => status).sort()).toEqual(['skipped', 'skipped', 'success']);
});

test.concurrent('cancel_previous: the next run ends the one before', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/slow/9000', { timeout_ms: 20_000 });
  const options = { cron: '*/4 * * * * *', endpoint_id: endpoint.id, overlap_policy: 'cancel_previous', max_runs: 2 };
  const { id } = await schedule(world, options);
  const runs = await eventually(
    'all runs ended',
    async () => {
      const found = await history(world, id);
      return found.length === 2 && found.every(({ status }) => /success|cancelled/.test(status)) ? found : undefined;
    },
    40_000,
  );
  expect(runs.map(({ status }) => status).reverse()).toEqual(['cancelled', 'success']);
});

test.concurrent('a change holds from the next call on, and takes no run away', async () => {
  const world = await starting;
  const target = (path: string) => ({ url: `${world.stack.receiver}${path}` });
  const wanted = { cron: '*/2 * * * * *', target: target('/ok?old'), payload: { is: 'old' }, max_runs: 7 };
  const { id } = await schedule(world, wanted);
  await sleep(5_000);
  const changedAt = Date.now();
  expectStatus(
    await world.api.send('PATCH', `${PATH}/${id}`, { target: target('/ok?new'), payload: { is: 'new' } }),
    200,
  );
  const runs = await eventually(
    'all runs ended',
    async () => {
      const { body } = await world.api.get(`${PATH}/${id}`);
      const found = await history(world, id);
      return body.status === 'completed' && found.every(({ status }) => status === 'success') ? found : undefined;
    },
    20_000,
  );
  const moments = runs.map(({ run_at }) => Date.parse(run_at)).reverse();
  expect(moments).toEqual(Array.from({ length: 7 }, (_, n) => moments[0]! + 2_000 * n));
  for (const { id: run, run_at } of runs) {
    const [call, ...others] = await world.received(run);
    expect(others).toEqual([]);
    // What was about to start when the change came may still be of the schedule as it was.
    const about = Date.parse(run_at) - changedAt;
    if (about < 0 || about > 1_500)
      expect({ about, body: JSON.parse(call!.body) }).toEqual({ about, body: { is: about < 0 ? 'old' : 'new' } });
  }
  expect((await world.api.get(`${PATH}/${id}`)).body).toMatchObject({ runs: 7 });
});
