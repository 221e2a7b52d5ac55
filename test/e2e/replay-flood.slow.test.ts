import { setTimeout as sleep } from 'node:timers/promises';
import { mapBounded } from '../../functions/primitives/map-bounded.js';
import { eventually } from '../support/eventually.js';
import { expectStatus } from '../support/http-client.js';
import { scriptedServer } from '../support/scripted-server.js';
import { suiteWorld } from '../support/suite-world.js';
import { Tenant } from '../support/tenant.js';

const LETTERS = 2_000;
const REQUESTS = 300;
const EVENTS = 10;
const APART_MS = 500;
const starting = suiteWorld();

test(`${LETTERS} dead letters and ${REQUESTS} requests to replay them: another project's events are on time`, async () => {
  const world = await starting;
  const arrived = new Map<string, number>();
  const receiver = await scriptedServer((_request, response) => {
    const n = /event \d+/.exec(String(receiver.bodies.at(-1)))?.[0];
    if (n) arrived.set(n, Date.now());
    response.end();
  });
  const failing = await scriptedServer((_request, response) => {
    response.statusCode = 503;
    response.end();
  });
  try {
    const quiet = new Tenant(await world.newProject());
    await quiet.endpoint(receiver.url, { event_filters: ['order.paid'] });
    /** How late the event's call is, in milliseconds from its acceptance. */
    const publish = async (n: string) => {
      const answer = await quiet.api.post('/v1/events', { event_name: 'order.paid', payload: { n } });
      const acceptedAt = Date.parse(expectStatus(answer, 202).body.created_at);
      const at = await eventually(`event ${n} has come`, async () => arrived.get(n), 60_000);
      return at - acceptedAt;
    };
    const { id: endpoint_id } = await world.endpoint(failing.url);
    for (let left = LETTERS; left > 0; left -= 100) {
      const tasks = Array.from({ length: 100 }, () => ({ endpoint_id }));
      expectStatus(await world.api.post('/v1/tasks/batch', { tasks }), 200);
    }
    await eventually('all have failed', () => failing.asked.length >= LETTERS, 120_000);
    await sleep(2_000); // and are dead letters
    await publish('event 99');

    const replays = mapBounded(Array.from({ length: REQUESTS }), 20, () =>
      world.api.post('/v1/dead-letters/replay', {}),
    );
    const late: ReturnType<typeof publish>[] = [];
    for (let n = 0; n < EVENTS; n++, await sleep(APART_MS)) late.push(publish(`event ${n}`));
    // Alone it is some 0.2 seconds, and without the bounds of bulk replays it was half a minute. Other tests run beside it.
    expect(Math.max(...(await Promise.all(late)))).toBeLessThan(10_000);
    const jobs = new Set((await replays).map((answer) => expectStatus(answer, 202).headers.get('location')));
    // A further job begins only when the one before has ended.
    expect(jobs.size).toBeLessThan(REQUESTS / 10);
    expect(failing.asked.length).toBeGreaterThan(LETTERS);
  } finally {
    await failing.close();
    await receiver.close();
  }
}, 300_000);
