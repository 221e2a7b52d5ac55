import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { allItems } from '../support/all-items.js';
import { awsConsole } from '../support/aws-console.js';
import { compressedTime } from '../support/compressed-time.js';
import { eventually } from '../support/eventually.js';
import { expectStatus, type HttpClient } from '../support/http-client.js';
import { suiteWorld } from '../support/suite-world.js';
import { Tenant } from '../support/tenant.js';
import type { World } from '../support/world.js';

const starting = suiteWorld({ settings: compressedTime(30) });

/** Every row of all tables, as text that begins with its key. */
async function allRows({ stack }: World): Promise<string[]> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: stack.dynamodb, region: 'us-east-1', credentials }),
  );
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const found = (await Promise.all(TableNames.map((name) => allItems(client, name)))).flat();
  client.destroy();
  return found.map((row) => `${row['pk']} ${row['sk']} ${JSON.stringify(row)}`);
}

/** A project with a run in every state, and with a row in every key family. */
async function aBusyProject(world: World) {
  const access = await world.newProject();
  const tenant = new Tenant(access);
  const { api, operator, project } = access;
  const at = (path: string) => world.stack.receiver + path;
  const event_filters = ['order.*', 'order.paid'];
  const limits = { max_concurrency: 1, rate_limit_per_second: 50 };
  const good = await tenant.endpoint(at('/ok'), { event_filters });
  const failing = await tenant.endpoint(at('/fail/503'));
  const retrying = await tenant.endpoint(at('/fail/500'), { retry_policy_id: await tenant.policy(3, 3_600) });
  const slow = await tenant.endpoint(at('/slow/10000'), { ...limits, timeout_ms: 20_000 });
  const paused = await tenant.endpoint(at('/ok'));
  expectStatus(await api.send('PATCH', `/v1/endpoints/${paused.id}`, { status: 'paused' }), 200);

  const succeeded = await tenant.task(good.id, { payload: { big: 'x'.repeat(20_000) } });
  const died = await tenant.task(failing.id);
  const waiting = await tenant.task(retrying.id);
  const cancelled = await tenant.task(good.id, { delay_seconds: 3_600 });
  expectStatus(await api.post(`/v1/tasks/${cancelled}/cancel`), 200);
  const held = await tenant.task(paused.id);
  const later = await tenant.task(good.id, { delay_seconds: 7_200 });
  const keyed = { 'idempotency-key': 'once' };
  expectStatus(await api.send('POST', '/v1/tasks', { endpoint_id: good.id }, keyed), 201);
  const yearly = { name: 'yearly', cron: '0 0 1 1 *', endpoint_id: good.id };
  const often = { name: 'often', cron: '* * * * * *', endpoint_id: good.id };
  for (const body of [yearly, often]) expectStatus(await api.post('/v1/schedules', body), 201);
  expectStatus(await api.post('/v1/events', { event_name: 'order.paid', event_key: 'k', payload: { n: 1 } }), 202);
  const spare = expectStatus(await operator.post(`/v1/projects/${project.id}/keys`, { label: 'spare' }), 201).body;
  expectStatus(await operator.send('DELETE', `/v1/projects/${project.id}/keys/${spare.id}`), 204);

  await tenant.reached(succeeded, 'success');
  await tenant.reached(waiting, 'retry_scheduled');
  await tenant.deadLetter(died);
  const replay = { endpoint_id: failing.id };
  expectStatus(await api.post('/v1/dead-letters/replay', replay), 202);
  // What time would end, last.
  const running = await tenant.task(slow.id);
  await tenant.reached(running, 'running');
  const behindIt = await tenant.task(slow.id);
  const soon = await tenant.task(good.id, { delay_seconds: 60 });
  const target = { url: at('/ok') };
  const inline = expectStatus(await api.post('/v1/tasks', { target, delay_seconds: 40 }), 201).body.id;
  return { access, running, calledLater: [waiting, behindIt, held, soon, later, inline] };
}

async function deletionOf(operator: HttpClient, project: string) {
  return expectStatus(await operator.get(`/v1/projects/${project}`), 200).body.deletion;
}

test('a deleted project is gone to its last row, while others go on', async () => {
  const world = await starting;
  const { scheduler } = awsConsole(world.stack);
  const other = await world.task((await world.endpoint('/ok')).id, { delay_seconds: 3_600 });
  const before = (await allRows(world)).filter((row) => row.includes(world.project.id));
  const { access, running, calledLater } = await aBusyProject(world);
  const { operator, api, project } = access;
  const path = `/v1/projects/${project.id}`;

  const { text } = expectStatus(await operator.get(`${path}/export`), 200);
  const types = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).type]));
  expect(new Set(types).size).toBe(9);
  const refused = expectStatus(await operator.send('DELETE', path), 409);
  expect(refused.body.detail).toContain(`?confirm=${project.id}`);
  expectStatus(await operator.send('DELETE', `${path}?confirm=another`), 409);
  expectStatus(await api.get('/v1/endpoints'), 200);
  const accepted = expectStatus(await operator.send('DELETE', `${path}?confirm=${project.id}`), 202);
  expect(accepted.body.deletion).toMatchObject({ rows_removed: 0, finished_at: null });
  expectStatus(await api.get('/v1/endpoints'), 401);
  expectStatus(await operator.send('DELETE', path), 202); // a repeat

  const deletion = await eventually(
    'the deletion is finished',
    async () => {
      await world.stack.functionPool('Reconciler').invoke({});
      const now = await deletionOf(operator, project.id);
      return now.finished_at !== null && now;
    },
    150_000,
  );
  expect(deletion.rows_removed).toBeGreaterThan(40);
  const rows = await allRows(world);
  const left = rows.filter((row) => row.includes(project.id));
  const isKept = (row: string) =>
    row.startsWith(`PROJECTS ${project.id}`) || /^(proj_\w+|operator)#(A|I#\S+|C#\w+) /.test(row);
  expect(left.filter((row) => !isKept(row))).toEqual([]);
  expect(left.filter((row) => row.startsWith('PROJECTS'))).toHaveLength(1);
  expect(rows).toEqual(expect.arrayContaining(before));

  const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand({}));
  expect(Schedules.map(({ Name }) => Name)).toEqual([expect.stringContaining(other.replace('run_', ''))]);
  const calls = async () => (await Promise.all(calledLater.map((run) => world.received(run)))).flat().length;
  const called = await calls();
  expect(called).toBe(1); // the first attempt of the run that waited for its retry
  expect((await world.received(running)).length).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 15_000)); // beyond the moments of the runs that waited in a queue
  expect(await calls()).toBe(called);
  expect((await allRows(world)).filter((row) => row.includes(project.id)).filter((row) => !isKept(row))).toEqual([]);
}, 240_000);
