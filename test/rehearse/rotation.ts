import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Deployment, newcomer } from '../stories/tell-all.js';
import { eventually } from '../support/eventually.js';
import { expectStatus, HttpClient } from '../support/http-client.js';
import { newProject } from '../support/tenant.js';
import { isSignedWith } from '../support/webhook-verification.js';
import type { Json } from './assembly.js';
import { startTraffic } from './traffic.js';

/** In place of `secretsSeconds`, which is 60 at least: time is all that is shorter. */
const LIFETIME_SECONDS = 2;
/** Until the reconciler begins to encrypt anew. */
const SETTLED_MS = 7 * LIFETIME_SECONDS * 1_000;

/** What an operator changes, and sees. */
export interface Operator {
  /** `aws secretsmanager put-secret-value` */
  putSecret(part: 'Master' | 'Operator', value: string): Promise<void>;
  /** A round of the reconciler, which comes each 15 minutes. Answers the lines that it logged. */
  reconcile(): Promise<readonly string[]>;
}

export function withShortLivedSecrets({ Resources }: Json): void {
  for (const { Properties } of Object.values<Json>(Resources))
    if (Properties?.Environment?.Variables.SECRETS_SECONDS)
      Properties.Environment.Variables.SECRETS_SECONDS = String(LIFETIME_SECONDS);
}

/** As docs/runbook.md says under *Rotate the secrets*. */
export async function rotationStory(deployment: Deployment, { putSecret, reconcile }: Operator): Promise<void> {
  const { teller, receiver } = await newcomer(deployment);
  const target = { ...receiver.good, headers: { authorization: 'Bearer of the receiver' } };
  const endpoint = await teller.endpointAt(target);
  const delivered = async (run: string) => {
    await teller.reached(run, 'success');
    const [call] = await receiver.received!(run);
    assert(isSignedWith(endpoint.signing_secret, call!), 'the signature is good');
    assert.equal(call!.headers['authorization'], target.headers.authorization);
  };
  await delivered(await teller.task(endpoint.id));
  await reconcile();
  const traffic = startTraffic(teller, endpoint.id);
  for (let times = 0; times < 2; times++) {
    await putSecret('Master', randomBytes(32).toString('hex'));
    await sleep(SETTLED_MS);
    await eventually(
      'the reconciler has encrypted all anew',
      async () => (await reconcile()).some((line) => line.includes('"re-encrypted"') && line.includes('"isOver":true')),
      120_000,
    );
    await delivered(await teller.task(endpoint.id));
  }

  const signIn = async (operator_key: string) =>
    (await new HttpClient(deployment.api).post('/v1/sessions', { operator_key })).status;
  const next = randomBytes(32).toString('hex');
  const { operator } = await newProject(deployment.api, deployment.operatorKey);
  expectStatus(await operator.get('/v1/sessions/current'), 200);
  await putSecret('Operator', next);
  await eventually('the new key signs in', async () => (await signIn(next)) === 200, 60_000);
  await eventually('the old key does not', async () => (await signIn(deployment.operatorKey)) === 401, 60_000);
  await eventually(
    'the sessions of the old key have ended',
    async () => (await operator.get('/v1/sessions/current')).status === 401,
    60_000,
  );
  const { accepted } = await traffic.stop();
  assert(accepted.length > 0);
  for (const run of accepted) await delivered(run);
}
