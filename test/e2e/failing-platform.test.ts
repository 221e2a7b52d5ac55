import type { Storm } from '../../local/chaos/storms.js';
import { compressedTime } from '../support/compressed-time.js';
import { eventually } from '../support/eventually.js';
import { expectStatus } from '../support/http-client.js';
import { suiteWorld } from '../support/suite-world.js';

const storms: Storm[] = [];
const starting = suiteWorld({ errors: true, storms, settings: compressedTime(36) });

test.concurrent('a dispatcher that is refused for 14 seconds makes a fire late by seconds, and no occurrence is skipped', async () => {
  const world = await starting;
  const target = { url: `${world.stack.receiver}/ok` };
  const run_at = new Date(Date.now() + 10_000).toISOString();
  const once = { name: 'once', run_at, target, misfire_policy: 'skip', misfire_grace_seconds: 5 };
  const { id } = expectStatus(await world.api.post('/v1/schedules', once), 201).body;
  const from = Date.parse(run_at) - 5_500;
  storms.push({ kind: 'refused', functions: 'Dispatcher', from, until: from + 14_000 });
  const run = await eventually(
    'the occurrence has its run',
    async () => expectStatus(await world.api.get(`/v1/schedules/${id}/runs`), 200).body.data[0],
    60_000,
  );
  const { attempts } = await world.reached(run.id, 'success', 30_000);
  expect(attempts[0].lateness_ms).toBeLessThan(30_000);
  expect(world.log.filter((line) => line.includes('message failed') && line.includes('"fire"')).length).toBeGreaterThan(
    0,
  );
}, 100_000);
