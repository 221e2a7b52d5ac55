import { eventually } from '../support/eventually.js';
import { publishedExample } from '../support/published-example.js';
import { runCommand, testWith } from '../support/run-command.js';
import { scriptedServer } from '../support/scripted-server.js';
import { suiteWorld } from '../support/suite-world.js';

// The examples of the published page, in its order, with only host, credentials and ids changed.

const starting = suiteWorld();
const WHOLE_SECONDS = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

// biome-ignore lint/suspicious/noExplicitAny: what an answer holds is for the test to say
type Json = any;

/** What the example's target is asked, and a target that answers with these statuses, the last one for ever. */
async function target(...statuses: number[]) {
  const requests: { method: string; authorization: string; signature: string }[] = [];
  const server = await scriptedServer(({ method, headers }, response) => {
    const { authorization = '', 'x-cron-signature': signature = '' } = headers;
    requests.push({ method: method!, authorization, signature: String(signature) });
    response.statusCode = statuses.length > 1 ? statuses.shift()! : statuses[0]!;
    response.end();
  });
  return { ...server, requests };
}

async function example(name: string, replaced: Readonly<Record<string, string>>): Promise<string> {
  const { stack, api } = await starting;
  const host = { '/api/cron-service': `${stack.api}/api/cron-service`, 'your-api-key': api.headers['x-api-key']! };
  return publishedExample(`cron-service/${name}`, { ...host, ...replaced });
}

const curl = async (name: string, replaced: Readonly<Record<string, string>>): Promise<Json> =>
  JSON.parse(await runCommand('sh', [await example(name, replaced)]));

/** Its executions, once none of them runs any more. */
function ended(id: string): Promise<Json[]> {
  return eventually('the executions ended', async () => {
    const { status, data } = await curl('list-executions.sh', { job_8e4f2a1b: id });
    expect([status, Object.keys(data)]).toEqual(['OK', ['executions']]);
    const over = data.executions.every(({ result }: Json) => result !== 'RUNNING' && result !== 'WAITING');
    return over && data.executions.length > 0 && data.executions;
  });
}

test('create, run now, and look at the executions', async () => {
  const receiver = await target(200, 504);
  try {
    const { status, data: job } = await curl('create-job.sh', { 'https://api.mycompany.com': receiver.url });
    expect(status).toBe('OK');
    expect(job).toEqual({
      jobId: expect.stringMatching(/^job_/),
      name: 'Refresh Cache',
      cronExpression: '*/5 * * * *',
      state: 'ACTIVE',
      nextRunAt: WHOLE_SECONDS,
      overlapPolicy: 'SKIP',
      createdAt: WHOLE_SECONDS,
    });
    const waits = Date.parse(job.nextRunAt) - Date.now();
    expect([waits > 0, waits <= 300_000, Date.parse(job.nextRunAt) % 300_000]).toEqual([true, true, 0]);

    const run = await curl('run-job.sh', { job_8e4f2a1b: job.jobId });
    const start = { executionId: expect.stringMatching(/^ex_/), trigger: 'MANUAL', startedAt: WHOLE_SECONDS };
    expect(run).toEqual({ status: 'OK', data: start });
    const [first] = await ended(job.jobId);
    const end = { startedAt: WHOLE_SECONDS, durationMs: expect.any(Number), httpStatus: 200, result: 'SUCCESS' };
    expect(first).toEqual({ ...run.data, ...end });
    expect(receiver.asked).toEqual(['/internal/cache/refresh']);
    expect(receiver.bodies.map(String)).toEqual(['{"scope": "products"}']);
    expect(receiver.requests).toEqual([{ method: 'POST', authorization: 'Bearer internal-token', signature: '' }]);

    await curl('run-job.sh', { job_8e4f2a1b: job.jobId });
    const [second, older] = await ended(job.jobId);
    expect(second).toMatchObject({ httpStatus: 504, result: 'FAILED' }); // no retries by default
    expect(older).toEqual(first);
  } finally {
    await receiver.close();
  }
}, 60_000);

testWith(
  'python3',
  '-c',
  'import requests',
)('the same in Python', async () => {
  const printed = await runCommand('python3', [await example('create_job.py', {})]);
  expect(printed).toMatch(/^Job ID: job_[0-9a-f]{32}, next run: \d{4}-\d\d-\d\dT\d\d:\d[05]:00Z\n$/);
});
