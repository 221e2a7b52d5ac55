import { compressedTime } from '../support/compressed-time.js';
import { eventually } from '../support/eventually.js';
import { expectStatus } from '../support/http-client.js';
import { suiteWorld } from '../support/suite-world.js';
import type { World } from '../support/world.js';

/** A worker that is ended takes the messages of its batch along, until their visibility timeout is over. */
const starting = suiteWorld({
  errors: true,
  settings: { ...compressedTime(36), failedAgainSeconds: 0, failedAgainMostSeconds: 0 },
});

/** Ends the execution environments of the fast lane that are at work, as a crash of their hosts would. */
async function crashWorkers({ stack }: World): Promise<void> {
  const busy = stack
    .functionPool('FastLaneDeliverer')
    .workers()
    .filter(({ requestId }) => requestId);
  await Promise.all(busy.map((worker) => worker.terminate()));
}

test('a run whose worker dies each time is a dead letter, and is replayed when the crashes are over', async () => {
  const world = await starting;
  const endpoint = await world.endpoint('/slow/900', { timeout_ms: 4_000, retry_policy_id: await world.policy(3, 1) });
  const id = await world.task(endpoint.id);
  const calls = async () => (await world.received(id)).length;
  let crashed = 0;
  const run = await eventually(
    'the run is dead',
    async () => {
      if ((await calls()) > crashed) {
        crashed++;
        await crashWorkers(world);
      }
      const seen = await world.run(id);
      return seen.status === 'dead_letter' && seen;
    },
    45_000,
    100, // within a call
  );
  expect(crashed).toBeGreaterThan(0);
  expect(run).toMatchObject({ attempt_count: 1, attempts: [] });
  const letter = await world.deadLetter(id);
  expect(letter).toMatchObject({ reason: 'worker_failure', status: 'open', last_attempt: null });
  expect(await calls()).toBe(crashed);

  expectStatus(await world.api.post(`/v1/dead-letters/${letter.id}/replay`), 202);
  const { attempts } = await world.reached(id, 'success');
  expect(attempts).toMatchObject([{ attempt: 2, status: 'success' }]);
}, 90_000);
