import { setTimeout as sleep } from 'node:timers/promises';
import { laneGroup } from '../../functions/protocol/messages/send-run.js';
import { percentile } from '../../local/bench/speed/load.js';
import { eventually } from '../support/eventually.js';
import { expectStatus } from '../support/http-client.js';
import { scriptedServer } from '../support/scripted-server.js';
import { suiteWorld } from '../support/suite-world.js';
import type { Tenant } from '../support/tenant.js';

/**
 * With FLOOD_RUNS=5000 it measures, and asks for the 99th percentile; that takes minutes, and a machine that does nothing
 * else. Without, it looks that a few runs overtake a small flood.
 */
const MEASURED = Number(process.env['FLOOD_RUNS'] ?? 0);
const FLOOD = MEASURED || 60;
const QUIET_RUNS = MEASURED ? MEASURED / 20 : 8;
const QUIET_EVERY_MS = MEASURED ? 200 : 0;
const SLOW_MS = 200;
const MAX_CONCURRENCY = 4;
const starting = suiteWorld();
const groupOf = ({ project }: Tenant, { id }: { id: string }) => laneGroup({ project_id: project.id, endpoint_id: id });

test(`${FLOOD} runs to a slow receiver, which takes few at a time: another endpoint does not notice`, async () => {
  const world = await starting;
  let [underWay, most, arrived] = [0, 0, 0];
  const receiver = await scriptedServer(async (_request, response) => {
    most = Math.max(most, ++underWay);
    await sleep(SLOW_MS);
    underWay -= 1;
    arrived += 1;
    response.end();
  });
  try {
    const quiet = await world.endpoint('/ok');
    const limits = { max_concurrency: MAX_CONCURRENCY };
    let slow = await world.endpoint(receiver.url, limits);
    // A project's endpoints are spread over a few message groups: the promise is made to those of other groups.
    while (groupOf(world, slow) === groupOf(world, quiet)) slow = await world.endpoint(receiver.url, limits);
    const warm = await Promise.all(Array.from({ length: 10 }, () => world.task(quiet.id)));
    for (const id of warm) await world.reached(id, 'success'); // the functions are loaded

    for (let left = FLOOD; left > 0; left -= 100) {
      const tasks = Array.from({ length: Math.min(100, left) }, () => ({ endpoint_id: slow.id }));
      expectStatus(await world.api.post('/v1/tasks/batch', { tasks }), 200);
    }
    const started = Date.now();
    const ids: string[] = [];
    for (; ids.length < QUIET_RUNS; await sleep(QUIET_EVERY_MS)) ids.push(await world.task(quiet.id));
    for (const id of ids) await world.reached(id, 'success');
    expect(arrived).toBeLessThan(FLOOD); // they overtook it

    const runs = await Promise.all(ids.map((id) => world.run(id)));
    const latenesses = runs.map(({ attempts }) => attempts[0].lateness_ms);
    const shown = [0.5, 0.9, 0.99].map((share) => `p${share * 100} ${percentile(latenesses, share)} ms`).join(', ');
    if (MEASURED) console.log(`${shown} while ${FLOOD} runs wait`);

    await eventually('the flood is over', () => arrived === FLOOD, FLOOD * 500 + 60_000);
    expect(most).toBeLessThanOrEqual(MAX_CONCURRENCY);
    if (MEASURED === 0) return;
    console.log(`${FLOOD} runs in ${(Date.now() - started) / 1000} s, ${most} at a time`);
    expect(percentile(latenesses, 0.99)).toBeLessThan(500);
  } finally {
    await receiver.close();
  }
}, 3_600_000);
