import type { Storm } from '../../local/chaos/storms.js';
import { compressedTime } from '../support/compressed-time.js';
import { expectStatus } from '../support/http-client.js';
import { suiteWorld } from '../support/suite-world.js';
import { Tenant } from '../support/tenant.js';

const storms: Storm[] = [];
const starting = suiteWorld({ errors: true, storms, settings: compressedTime(36) });

test('forty tasks due on one second, in a partition that takes three writes a second: each is called once, none dies', async () => {
  const world = await starting;
  const tenant = new Tenant(await world.newProject());
  const target = { url: `${world.stack.receiver}/ok` };
  const run_at = new Date(Math.ceil(Date.now() / 1000) * 1000 + 4_000).toISOString();
  const body = { tasks: Array.from({ length: 40 }, () => ({ target, run_at })) };
  const { data } = expectStatus(await tenant.api.post('/v1/tasks/batch', body), 200).body;
  const runs: string[] = data.map((entry: { task: { id: string } }) => entry.task.id);
  const [from, until] = [Date.now(), Date.now() + 40_000];
  storms.push({ kind: 'hot partition', project: tenant.project.id, writesPerSecond: 3, from, until });
  for (const run of runs) await tenant.reached(run, 'success', 80_000);
  const calls = await Promise.all(runs.map((run) => world.received(run)));
  expect(calls.map(({ length }) => length)).toEqual(runs.map(() => 1));
}, 100_000);
