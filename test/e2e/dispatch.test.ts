import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { eventually } from '../support/eventually.js';
import { expectStatus } from '../support/http-client.js';
import { publishedExample } from '../support/published-example.js';
import { runCommand } from '../support/run-command.js';
import { scriptedServer } from '../support/scripted-server.js';
import { suiteWorld } from '../support/suite-world.js';

// The examples of the published page, in its order, with only host, credentials, ids and moments that have passed changed.

const starting = suiteWorld();
const JOBS = '/api/v1/jobs';
const HOST = 'https://api-dispatch.imtiyazsayyid.in';
const KEY = 'sk_4f8a2c9b51de836b91c0a7e2d4f6a8b0';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const YEAR_MS = 365 * 86_400_000;

// biome-ignore lint/suspicious/noExplicitAny: what an answer holds is for the test to say
type Json = any;

async function curl(name: string, replaced: Readonly<Record<string, string>>): Promise<Json> {
  const { stack } = await starting;
  const file = publishedExample(`dispatch/${name}`, { [HOST]: stack.api, ...replaced });
  return JSON.parse(await runCommand('sh', [file]));
}

async function key(): Promise<string> {
  return (await starting).api.headers['x-api-key']!;
}

/** The job, once it has come that far. */
async function reached(id: string, status: string): Promise<Json> {
  const { api } = await starting;
  return eventually(`the job is ${status}`, async () => {
    const { data } = expectStatus(await api.get(`${JOBS}/${id}`), 200).body;
    return data.status === status && data;
  });
}

test('the first job fires at its millisecond, never before, signed as the page plans it', async () => {
  const { project } = await starting;
  const headers: Json[] = [];
  const receiver = await scriptedServer((request, response) => {
    headers.push(request.headers);
    response.end('{"received":true}');
  });
  try {
    const fireAt = new Date(Date.now() + 3_456).toISOString();
    const { status, message, data } = await curl('first-job.sh', {
      sk_your_key_here: await key(),
      'https://your-app.com': receiver.url,
      '2026-06-12T12:00:00Z': fireAt,
    });
    expect({ status, message }).toEqual({ status: true, message: 'Job scheduled successfully' });
    expect(data).toMatchObject({ id: expect.stringMatching(UUID), status: 'SCHEDULED', fireAt });

    const job = await reached(data.id, 'SUCCESS');
    expect(job.logs).toHaveLength(1);
    const [log] = job.logs;
    expect(log).toMatchObject({ attempt: 1, status: 'SUCCESS', responseCode: 200, responseBody: '{"received":true}' });
    expect(receiver.asked).toEqual(['/hooks/hello']);
    const body = String(receiver.bodies[0]);
    const { firedAt, ...sent } = JSON.parse(body);
    expect(sent).toEqual({ jobId: data.id, title: 'Hello from Dispatch', payload: { greeting: 'right on time' } });
    for (const at of [firedAt, log.firedAt]) expect(Date.parse(at)).toBeGreaterThanOrEqual(Date.parse(fireAt));
    const [, t, v1] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(headers[0]['x-dispatch-signature'])!;
    expect(v1).toBe(createHmac('sha256', project.signing_secret).update(`${t}.${body}`).digest('hex'));
    expect(headers[0]['content-type']).toBe('application/json');
  } finally {
    await receiver.close();
  }
}, 60_000);

test('schedule, list and cancel', async () => {
  const world = await starting;
  const { stack } = world;
  const { operator } = await world.newProject();
  const fireAt = new Date(Date.now() + YEAR_MS).toISOString();
  const { data } = await curl('schedule-job.sh', { [KEY]: await key(), '2026-06-13T09:30:00Z': fireAt });
  expect(data).toEqual({
    id: expect.stringMatching(UUID),
    projectId: expect.stringMatching(UUID),
    title: 'Trial expiry reminder',
    webhookUrl: 'https://your-app.com/hooks/trial-expiry',
    payload: { userId: 'usr_812', plan: 'pro' },
    fireAt,
    status: 'SCHEDULED',
    retryCount: 0,
    createdAt: expect.any(String),
    updatedAt: data.createdAt,
  });

  const session = operator.headers['authorization']!.replace('Bearer ', '');
  const listed = await curl('list-jobs.sh', { '<session-token>': session });
  expect(listed).toMatchObject({ status: true, message: 'Jobs fetched successfully' });
  expect(listed.data.pagination).toEqual({ total: expect.any(Number), page: 1, limit: 20, totalPages: 1 });
  const row = listed.data.jobs.find(({ id }: Json) => id === data.id);
  const { id, title, webhookUrl, status, retryCount } = data;
  expect(row).toEqual({
    id,
    title,
    webhookUrl,
    fireAt,
    status,
    retryCount,
    project: { id: data.projectId, name: 'story' },
  });

  // The page's "..." stands for the rest of any call; the call before it is the list.
  const withKey = await curl('with-key.sh', { [KEY]: await key(), ' \\\n  ...': '' });
  expect(withKey.data.jobs.map((job: Json) => job.id)).toContain(id);

  const ids = { [KEY]: await key(), '3f6c2b8e-7a41-4c9d-9b21-d5a0c3e8f612': id };
  expect(await curl('cancel-job.sh', ids)).toEqual({ status: true, message: 'Job cancelled successfully', data: null });
  const refusal = { status: false, message: 'Only scheduled jobs can be cancelled', data: null };
  expect(await curl('cancel-job.sh', ids)).toEqual(refusal);
  const unknown = await fetch(`${stack.api}${JOBS}/3f6c2b8e-7a41-4c9d-9b21-d5a0c3e8f612`, {
    method: 'DELETE',
    headers: { 'x-api-key': await key() },
  });
  expect(unknown.status).toBe(404);
}, 60_000);

test('the JavaScript client schedules, and its Express receiver takes what fires', async () => {
  const { stack, api } = await starting;
  const client = publishedExample('dispatch/dispatch.mjs', {});
  const env = { DISPATCH_URL: stack.api, DISPATCH_API_KEY: await key() };
  const printed = await runCommand(process.execPath, [client], { env });
  const [, id] = /^scheduled (\S+), fires at \d{4}-\d\d-\d\dT/.exec(printed)!;
  expect(expectStatus(await api.get(`${JOBS}/${id}`), 200).body.data.status).toBe('SCHEDULED');

  const receiver = await expressReceiver();
  try {
    const fireAt = new Date(Date.now() + 1_000).toISOString();
    const job = {
      title: 'Trial',
      webhookUrl: `${receiver.url}/hooks/trial-expiry`,
      fireAt,
      payload: { userId: 'usr_812' },
    };
    const { data } = expectStatus(await api.post(JOBS, job), 201).body;
    expect((await reached(data.id, 'SUCCESS')).logs[0].responseBody).toBe('{"received":true}');
    expect(await receiver.printed()).toBe(`mail about ${data.id} to usr_812`);
  } finally {
    receiver.close();
  }
}, 60_000);

/** The published receiver on a free port, with a mail function as its page describes. */
async function expressReceiver() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  const file = publishedExample('dispatch/server.mjs', { '5000': String(port) });
  const mailer = 'globalThis.sendTrialExpiryEmail = async (job, user) => console.log("mail about", job, "to", user);';
  const child = spawn(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(mailer)}`, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = once(createInterface({ input: child.stdout }), 'line');
  const url = `http://127.0.0.1:${port}`;
  await eventually('Express listens', () =>
    fetch(url).then(
      () => true,
      () => false,
    ),
  );
  return { url, printed: async () => (await lines)[0] as string, close: () => child.kill() };
}
