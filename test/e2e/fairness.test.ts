import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../../local/bench/load.js';
import { eventually } from '../support/eventually.js';
import { expectStatus } from '../support/http-client.js';
import { scriptedServer } from '../support/scripted-server.js';
import { suiteWorld } from '../support/suite-world.js';

/** How many runs one endpoint is flooded with; thousands show more, and take minutes. */
const FLOOD = Number(process.env['FLOOD_RUNS'] ?? 60);
const SLOW_MS = 150;
const MAX_CONCURRENCY = 4;
const QUIET_EVERY_MS = 150;
const QUIET_RUNS = Math.max(20, FLOOD / 20);
const starting = suiteWorld();

test(`${FLOOD} runs to a slow receiver with a limit: another endpoint does not notice`, async () => {
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
    const slow = await world.endpoint(receiver.url, { max_concurrency: MAX_CONCURRENCY });
    // The functions are loaded, as in the middle of a day.
    const warm = await Promise.all(Array.from({ length: 30 }, () => world.task(quiet.id)));
    for (const id of warm) await world.reached(id, 'success');

    for (let left = FLOOD; left > 0; left -= 100) {
      const tasks = Array.from({ length: Math.min(100, left) }, () => ({ endpoint_id: slow.id }));
      expectStatus(await world.api.post('/v1/tasks/batch', { tasks }), 200);
    }
    const started = Date.now();
    const ids: string[] = [];
    while (ids.length < QUIET_RUNS) {
      ids.push(await world.task(quiet.id));
      await sleep(QUIET_EVERY_MS);
    }
    const flooded = arrived < FLOOD;
    const runs = await Promise.all(ids.map((id) => world.reached(id, 'success')));
    const latenesses = runs.map(({ attempts }) => attempts[0].lateness_ms);
    const shown = [0.5, 0.9, 0.99].map((share) => `p${share * 100} ${percentile(latenesses, share)} ms`).join(', ');
    await eventually('the flood is over', () => arrived === FLOOD, FLOOD * 500 + 60_000);
    const seconds = (Date.now() - started) / 1000;
    if (process.env['FLOOD_RUNS']) console.log(`${shown}; ${FLOOD} runs in ${seconds.toFixed(1)} s, ${most} at a time`);
    expect(flooded).toBe(true);
    expect(most).toBe(MAX_CONCURRENCY);
    // A small machine that does other things as well holds up a single one; the many show what the rule does.
    expect(percentile(latenesses, process.env['FLOOD_RUNS'] ? 0.99 : 0.9)).toBeLessThan(500);
  } finally {
    await receiver.close();
  }
}, 900_000);
