import { setTimeout as sleep } from 'node:timers/promises';
import { type LoopbackServer, serveLoopback } from '../../local/loopback-server.js';
import { eventually } from '../support/eventually.js';
import { expectStatus } from '../support/http-client.js';
import { suiteWorld } from '../support/suite-world.js';
import { Tenant } from '../support/tenant.js';
import type { World } from '../support/world.js';

const starting = suiteWorld();
/** Longer than one more step of a loop takes. */
const STEP_MS = 3_000;

// biome-ignore lint/suspicious/noExplicitAny: rows as the API lists them.
type Row = any;

async function rows(tenant: Tenant, path: string): Promise<Row[]> {
  return expectStatus(await tenant.api.get(`${path}?page_size=100`), 200).body.data;
}

/** The project's runs, once all have ended and no further run comes. */
function ended(tenant: Tenant): Promise<Row[]> {
  return eventually(
    'every run has ended',
    async () => {
      const before = await rows(tenant, '/v1/tasks');
      await sleep(STEP_MS);
      const runs = await rows(tenant, '/v1/tasks');
      const isOver = runs.length === before.length && runs.every(({ finished_at }) => finished_at !== null);
      return isOver ? runs : undefined;
    },
    25_000,
  );
}

async function tenantOf(world: World) {
  const access = await world.newProject();
  return { tenant: new Tenant(access), headers: access.api.headers };
}

/** A service with tracing: it makes a request for each call that it gets, and passes `tracestate` on. */
function serviceFor(
  tenant: Tenant,
  ask: (n: number) => readonly [path: string, body: object],
): Promise<LoopbackServer> {
  let calls = 0;
  return serveLoopback(async ({ headers }, _body, response) => {
    const tracestate = String(headers['tracestate']);
    const { status } = await tenant.api.post(...ask(++calls), { tracestate });
    response.writeHead(status).end();
  });
}

test.concurrent('a schedule that posts an event whose two endpoints run the schedule ends after five calls', async () => {
  const world = await starting;
  const { tenant, headers } = await tenantOf(world);
  const target = { url: `${world.stack.api}/v1/events`, headers };
  const payload = { event_name: 'around', payload: {} };
  const yearly = { name: 'yearly', cron: '0 0 1 1 *', timezone: 'UTC', target, payload, overlap_policy: 'allow' };
  const { id } = expectStatus(await tenant.api.post('/v1/schedules', yearly), 201).body;
  for (const name of ['one', 'two']) {
    const url = `${world.stack.api}/v1/schedules/${id}/run`;
    expectStatus(await tenant.api.post('/v1/endpoints', { name, url, headers, event_filters: ['around'] }), 201);
  }
  expectStatus(await tenant.api.post(`/v1/schedules/${id}/run`), 202);
  // 1 schedule, 2 endpoints, 2 schedules, 4 endpoints, 4 schedules: the fifth call in each chain is refused.
  expect(await ended(tenant)).toHaveLength(13);
  const letters = await rows(tenant, '/v1/dead-letters');
  expect(letters.map(({ reason }) => reason)).toEqual(Array(4).fill('non_retryable'));
  const { attempts } = await tenant.run(letters[0].task_id);
  expect(attempts).toMatchObject([{ http_status: 508 }]);
  const { code, detail } = JSON.parse(attempts[0].response_body);
  expect(code).toBe('loop_detected');
  expect(detail.match(/run_[0-9a-f]{32}/g)).toHaveLength(5);
});

test.concurrent.each<[string, (url: string, n: number) => readonly [string, object]]>([
  ['task', (url) => ['/v1/tasks', { target: { url } }]],
  ['schedule', (url, n) => ['/v1/schedules', { name: `${n}`, run_at: soon(), target: { url } }]],
])('a notification by which a service makes the next %s leads to no more than five calls', async (_what, asked) => {
  const world = await starting;
  const { tenant } = await tenantOf(world);
  const service = await serviceFor(tenant, (n) => asked(`${world.stack.receiver}/ok`, n));
  await tenant.endpoint(service.url, { event_filters: ['job.completed'] });
  expectStatus(await tenant.api.post('/v1/tasks', { target: { url: `${world.stack.receiver}/ok` } }), 201);
  // Runs and notifications take turns. Nothing led to the first run, so the chain begins with its notification.
  const runs = await ended(tenant);
  const last = runs.filter(({ status }) => status === 'dead_letter');
  expect([runs.length, last.map(({ source }) => source.type)]).toEqual([6, ['notification']]);
  await service.close();
});

function soon(): string {
  return new Date(Date.now() + 1_000).toISOString();
}
