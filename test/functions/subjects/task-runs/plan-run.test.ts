import { makeId } from '../../../../functions/primitives/ids.js';
import type { ConfigReader } from '../../../../functions/subjects/endpoints/config-reader.js';
import { DEFAULT_RETRY_POLICY } from '../../../../functions/subjects/retry-policies/retry-policy.js';
import { planRun } from '../../../../functions/subjects/task-runs/plan-run.js';
import { type TaskBody, taskSchema } from '../../../../functions/subjects/task-runs/task-run-schema.js';
import { anEndpoint, ENDPOINT_ID, PROJECT_ID } from '../../../support/memory-world.js';

const NOW = 1_800_000_000_000;
const KEEP_MS = 1_000;
const POLICY_ID = makeId('rp', NOW, Buffer.alloc(8, 1));
const OWN_POLICY_ID = makeId('rp', NOW, Buffer.alloc(8, 2));
const SETTINGS = { allowHttp: false, allowLoopback: false };

const fixed = (max_attempts: number) => ({
  ...DEFAULT_RETRY_POLICY,
  strategy: 'fixed' as const,
  base_delay_seconds: 10,
  max_attempts,
  honor_retry_after: false,
});
const config: ConfigReader = {
  project: async () => undefined,
  endpoint: async (_project, id) =>
    id === ENDPOINT_ID ? anEndpoint({ retry_policy_id: OWN_POLICY_ID, status: 'disabled' }) : undefined,
  retryPolicy: async (_project, id) => ({ [POLICY_ID]: fixed(3), [OWN_POLICY_ID]: fixed(4) })[id],
};

const body = (value: object): TaskBody => taskSchema(SETTINGS).parse(value);
const plan = (value: object) =>
  planRun(config, { id: 'run_1', project: PROJECT_ID, body: body(value), now: NOW, keepMs: KEEP_MS });
const target = { url: 'https://example.com/' };

it('pins the budget of the policy that the body names, else of the endpoint, else the default', async () => {
  const named = await plan({ endpoint_id: ENDPOINT_ID, retry_policy_id: POLICY_ID });
  expect(named).toMatchObject({ max_attempts: 3, retry_policy_id: POLICY_ID, expires_at: NOW + 20_000 + KEEP_MS });
  const own = await plan({ endpoint_id: ENDPOINT_ID });
  expect(own).toMatchObject({ max_attempts: 4, expires_at: NOW + 30_000 + KEEP_MS });
  expect(own.retry_policy_id).toBeUndefined();
  expect((await plan({ target })).max_attempts).toBe(6);
});

it.each([
  ['neither', {}, NOW],
  ['run_at 0', { run_at: 0 }, NOW],
  ['a delay', { delay_seconds: 90.5 }, NOW + 90_500],
  ['Unix seconds', { run_at: NOW / 1000 + 60 }, NOW + 60_000],
  ['an offset', { run_at: '2027-01-15T10:00:00.250+02:00' }, NOW + 250],
  ['the second that is just passing', { run_at: NOW / 1000 - 1 }, NOW],
])('is due as given: %s', async (_name, time, due) => {
  expect((await plan({ target, ...time })).due).toBe(due);
});

it.each([
  [{ run_at: NOW / 1000 - 3 }, '/run_at'],
  [{ run_at: '1970-01-01T00:00:00Z' }, '/run_at'],
  [{ run_at: -1 }, '/run_at'],
  [{ run_at: NOW / 1000 + 10 * 365 * 86_400 }, '/run_at'],
  [{ delay_seconds: 10 * 365 * 86_400 }, '/delay_seconds'],
])('refuses %j', async (time, pointer) => {
  await expect(plan({ target, ...time })).rejects.toMatchObject({ faults: [{ pointer }] });
});

it('names every reference that leads nowhere, with the time, at once', async () => {
  const foreign = ENDPOINT_ID.replace(/.$/, 'f');
  const asked = plan({ endpoint_id: foreign, retry_policy_id: POLICY_ID.replace(/.$/, 'f'), run_at: 1 });
  await expect(asked).rejects.toMatchObject({
    faults: [{ pointer: '/endpoint_id' }, { pointer: '/retry_policy_id' }, { pointer: '/run_at' }],
  });
});
