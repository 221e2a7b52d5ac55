import { createHash, createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Received } from '../../local/receiver.js';
import { eventually } from '../support/eventually.js';
import { expectStatus, HttpClient } from '../support/http-client.js';
import { suiteWorld } from '../support/suite-world.js';
import { isSignedWith } from '../support/webhook-verification.js';

// What docs/runbook.md tells an operator under *Rotate the secrets*, with 300 seconds in one.

const LIFETIME_MS = 1_000;
/** Until the reconciler begins to encrypt anew. */
const SETTLED_MS = 7 * LIFETIME_MS;

const starting = suiteWorld({ settings: { secretsSeconds: LIFETIME_MS / 1000 } });

/** `aws secretsmanager put-secret-value` */
async function putSecretValue(part: 'Master' | 'Operator', SecretString: string): Promise<void> {
  const { stack } = await starting;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SecretsManagerClient({ endpoint: stack.secrets, region: 'us-east-1', credentials });
  await client.send(new PutSecretValueCommand({ SecretId: stack.secretArn(part), SecretString }));
  client.destroy();
}

async function signedIn(operator_key: string): Promise<HttpClient> {
  const { stack } = await starting;
  const session = await new HttpClient(stack.api).post('/v1/sessions', { operator_key });
  return new HttpClient(stack.api, { authorization: `Bearer ${expectStatus(session, 200).body.token}` });
}

/** Creates something by a signed request; answers its id. */
async function sendSigned(key: { id: string; signing_secret: string }, path: string, body: object): Promise<string> {
  const { stack } = await starting;
  const text = JSON.stringify(body);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const nonce = randomUUID();
  const lines = [timestamp, 'POST', path, createHash('sha256').update(text).digest('hex'), nonce].join('\n');
  const signature = createHmac('sha256', key.signing_secret).update(lines).digest('hex');
  const headers = { 'x-key-id': key.id, 'x-timestamp': timestamp, 'x-nonce': nonce, 'x-signature': signature };
  return expectStatus(await new HttpClient(stack.api).post(path, body, headers), 201).body.id;
}

/** The reconciler's line that the runbook tells to wait for. */
async function waitUntilReEncrypted(): Promise<void> {
  const { stack, log } = await starting;
  await sleep(SETTLED_MS);
  const from = log.length;
  await stack.functionPool('Reconciler').invoke({});
  const line = await eventually('the reconciler says so', () =>
    log.slice(from).find((each) => each.includes('"re-encrypted"')),
  );
  expect(line).toContain('"isOver":true');
}

test('deliveries go on while the master secret is replaced, and replaced again', async () => {
  const world = await starting;
  const { api, project, stack } = world;
  const endpoint = await world.endpoint('/ok');
  const rotated = await world.endpoint('/ok');
  const { signing_secret } = expectStatus(await api.post(`/v1/endpoints/${rotated.id}/rotate-secret`, {}), 200).body;
  const target = { url: `${stack.receiver}/ok`, method: 'POST', timeout_ms: 5_000 };
  const job = await api.post('/api/cron-service/jobs', {
    ...{ name: 'signed', cronExpression: '0 0 1 1 *', targetUrl: `${stack.receiver}/ok`, signPayloads: true },
  });
  const { jobId } = expectStatus(job, 201).body.data;
  const operator = await signedIn(stack.operatorKey);
  const key = expectStatus(await operator.post(`/v1/projects/${project.id}/keys`, { label: 'signs' }), 201).body;

  /** One delivery under each kind of secret. */
  const deliverAll = async (): Promise<void> => {
    const [plain, replaced, inline] = await Promise.all([
      world.task(endpoint.id),
      world.task(rotated.id),
      sendSigned(key, '/v1/tasks', { target }),
    ]);
    const { executionId } = expectStatus(await api.post(`/api/cron-service/jobs/${jobId}/run`, {}), 202).body.data;
    const ofJob = executionId.replace('ex_', 'run_');
    const received = async (run: string): Promise<Received> => {
      const { attempts } = await world.reached(run, 'success');
      expect(attempts).toHaveLength(1);
      return (await world.received(run))[0]!;
    };
    expect(isSignedWith(endpoint.signing_secret, await received(plain))).toBe(true);
    const both = await received(replaced);
    expect([rotated.signing_secret, signing_secret].map((secret) => isSignedWith(secret, both))).toEqual([true, true]);
    expect(isSignedWith(project.signing_secret, await received(inline))).toBe(true);
    const { headers, body } = await received(ofJob);
    expect(String(headers['x-cron-signature'])).toContain(
      createHmac('sha256', api.headers['x-api-key']!).update(body).digest('hex'),
    );
  };

  /** Accepted before the rotations, called after them: its headers are not encrypted anew. */
  const Authorization = 'Bearer of the receiver';
  const early = { target: { ...target, headers: { Authorization } }, run_at: new Date(Date.now() + 40_000) };
  const waiting = expectStatus(await api.post('/v1/tasks', early), 201).body.id;
  await deliverAll();
  await stack.functionPool('Reconciler').invoke({});
  for (const next of ['the second master secret of this stage', 'the third master secret of this stage']) {
    await putSecretValue('Master', next);
    const end = Date.now() + 3 * LIFETIME_MS;
    do await deliverAll();
    while (Date.now() < end);
    await waitUntilReEncrypted();
  }
  // One too soon: nothing is encrypted anew in between.
  await putSecretValue('Master', 'the fourth master secret of this stage');
  await putSecretValue('Master', 'the fifth master secret of this stage');
  await sleep(2 * LIFETIME_MS);
  await deliverAll();
  await waitUntilReEncrypted();
  await deliverAll();
  expect((await world.reached(waiting, 'success')).attempts).toHaveLength(1);
  expect((await world.received(waiting))[0]!.headers['authorization']).toBe(Authorization);
  const late = await world.endpoint('/ok');
  expect((await world.reached(await world.task(late.id), 'success')).attempts).toHaveLength(1);
}, 120_000);

test('a replaced operator key lets no person in any more', async () => {
  const { stack } = await starting;
  const signIn = async (operator_key: string) =>
    (await new HttpClient(stack.api).post('/v1/sessions', { operator_key })).status;
  expect(await signIn(stack.operatorKey)).toBe(200);
  await putSecretValue('Operator', 'the new operator key');
  await eventually('the new key is good', async () => (await signIn('the new operator key')) === 200, LIFETIME_MS * 5);
  // A fifth of the lifetime, in every environment.
  await sleep(LIFETIME_MS);
  const refused = await Promise.all(Array.from({ length: 20 }, () => signIn(stack.operatorKey)));
  // From the tenth failure on the address is refused.
  expect(refused.filter((status) => status !== 401 && status !== 429)).toEqual([]);
});
