import type { Storm } from '../../local/chaos/storms.js';
import { compressedTime } from '../support/compressed-time.js';
import { eventually } from '../support/eventually.js';
import { suiteWorld } from '../support/suite-world.js';

const storms: Storm[] = [];
const starting = suiteWorld({ errors: true, storms, settings: compressedTime(120) });

test('messages are handed out again and again while no function runs: nothing dies of it, and all goes on', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/ok');
  const runs = [
    await world.task(endpoint.id, { delay_seconds: 3 }),
    await world.task(endpoint.id, { delay_seconds: 4 }),
  ];
  const from = Date.now();
  storms.push({ kind: 'no function runs', from, until: from + 25_000 });
  await eventually('the storm is over', async () => (await world.api.get('/v1/tasks')).status === 200, 60_000);
  const refused = world.log.filter((line) => line.startsWith('FastLane') && line.includes('Rate Exceeded'));
  // More than the five receives that once ended a run.
  expect(refused.length).toBeGreaterThan(2 * 5);
  for (const run of runs) await world.reached(run, 'success', 30_000);
  for (const run of runs) expect(await world.received(run)).toHaveLength(1);
}, 100_000);
