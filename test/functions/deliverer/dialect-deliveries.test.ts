import { createHmac } from 'node:crypto';
import { taskOf } from '../../../functions/api/dialects/dispatch/job-schema.js';
import { encrypted } from '../../../functions/destinations/secret-values.js';
import { encrypt, encryptionWith } from '../../../functions/primitives/encryption.js';
import { makeId, uuidOf } from '../../../functions/primitives/ids.js';
import { createRun } from '../../../functions/protocol/runs/run-operations.js';
import type { RunDefinition } from '../../../functions/subjects/task-runs/task-run.js';
import { type Arrived, aRun, FAILED, KEYRING, MemoryWorld, PROJECT_ID, START } from '../../support/memory-world.js';

const ENCRYPTION = encryptionWith(async () => KEYRING);
const PROJECT_SECRET = `whsec_${Buffer.alloc(24, 8).toString('base64')}`;
const hmac = (key: string, text: string) => createHmac('sha256', key).update(text).digest('hex');

/** Delivers an inline run to a receiver that always fails; the calls as they were made. */
async function callsOf(change: Partial<RunDefinition>): Promise<{ calls: readonly Arrived[]; world: MemoryWorld }> {
  const world = new MemoryWorld();
  world.answer = () => ({ ...FAILED, response_headers: { 'retry-after': '3600' } });
  const { endpoint_id: _endpoint, ...inline } = aRun(change);
  await createRun(world.ports, inline);
  await world.settleDown();
  return { calls: world.requests, world };
}

test('a dispatch job arrives in its envelope, signed with the project’s secret, three times at most', async () => {
  const payload = { format: 'json', body: '{"userId":"usr_812"}' } as const;
  const webhookUrl = 'https://your-app.com/hooks/trial-expiry';
  const { body, terms } = taskOf({ title: 'Trial expiry reminder', webhookUrl, fireAt: START, payload });
  const { calls, world } = await callsOf({ ...terms, title: body.name!, target: body.target!, payload });

  expect(world.calls.map(({ at }) => at - START)).toEqual([0, 30_020, 90_040]); // a call takes 20 ms
  for (const [index, { headers, body: sent, url, method }] of calls.entries()) {
    expect([url, method, headers['content-type']]).toEqual([webhookUrl, 'POST', 'application/json']);
    const { jobId, ...rest } = JSON.parse(sent.toString());
    expect(jobId).toBe(uuidOf(headers['webhook-id']!));
    const firedAt = new Date(world.calls[index]!.at).toISOString();
    expect(rest).toEqual({ title: 'Trial expiry reminder', payload: { userId: 'usr_812' }, firedAt });
    const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers['x-dispatch-signature']!)!;
    expect(Number(t)).toBe(Math.floor(world.calls[index]!.at / 1000));
    expect(v1).toBe(hmac(PROJECT_SECRET, `${t}.${sent}`));
    expect(headers).not.toHaveProperty('x-cron-signature');
  }
  expect([...world.letters.values()]).toMatchObject([{ reason: 'attempts_exhausted', attempt: 3 }]);
});

test('a run of a schedule names it, in the form that its dialect shows; other runs name none', async () => {
  const target = { url: 'https://example.com/', method: 'POST', headers: {}, timeout_ms: 1_000 } as const;
  const schedule = makeId('sch', START, Buffer.alloc(8));
  for (const type of ['schedule', 'manual'] as const) {
    const source = { type, id: schedule };
    const [ours] = (await callsOf({ source, target })).calls;
    expect(ours!.headers['punctual-schedule-id']).toBe(schedule);
    const [theirs] = (await callsOf({ source, target, body_format: 'cron-service' })).calls;
    expect(theirs!.headers['punctual-schedule-id']).toBe(schedule.replace('sch_', 'job_'));
    // The same in every attempt, whichever release makes it.
    expect(theirs!.headers['webhook-id']).toMatch(/^run_/);
  }
  const [plain] = (await callsOf({ target })).calls;
  expect(plain!.headers).not.toHaveProperty('punctual-schedule-id');
});

test('a job that signs its payloads does so with its API key; any other run does not', async () => {
  const apiKey = `sk_${'a'.repeat(64)}`;
  const schedule = makeId('sch', START, Buffer.alloc(8));
  const common = {
    project_id: PROJECT_ID,
    source: { type: 'manual', id: schedule },
    target: { url: 'https://example.com/', method: 'POST', headers: {}, timeout_ms: 1_000 },
    payload: { format: 'text', body: '{"scope": "products"}' },
    max_attempts: 1,
  } as const;
  const { calls } = await callsOf({ ...common, signing_key: encrypt(KEYRING, apiKey, schedule) });
  expect(calls[0]!.headers['x-cron-signature']).toBe(`sha256=${hmac(apiKey, '{"scope": "products"}')}`);
  expect(JSON.stringify(calls[0]!.headers)).not.toContain(apiKey);
  const [plain] = (await callsOf(common)).calls;
  expect(plain!.headers['punctual-schedule-id']).toBe(schedule);
  expect(Object.keys(plain!.headers).filter((name) => name.startsWith('x-'))).toEqual([]);
});

test('encrypted values of headers arrive as they were given, from a schedule and from a task', async () => {
  const headers = { Authorization: 'Bearer of-theirs' };
  const given = { url: 'https://example.com/', method: 'POST', headers, timeout_ms: 1_000 } as const;
  const schedule = makeId('sch', START, Buffer.alloc(8));
  const { id: run } = aRun();
  const holders = [
    { holder: schedule, source: { type: 'schedule', id: schedule } },
    { holder: run, source: { type: 'api', id: null } },
  ] as const;
  for (const { holder, source } of holders) {
    const { calls, world } = await callsOf({
      id: run,
      source,
      target: await encrypted(given, ENCRYPTION, holder),
      max_attempts: 1,
    });
    expect(calls.map((call) => call.headers['authorization'])).toEqual(['Bearer of-theirs']);
    expect(JSON.stringify([...world.letters.values()])).not.toContain('of-theirs');
  }
});
