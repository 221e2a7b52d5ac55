import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { buildDeliveryRequest, newWebhookSecret, signWebhook } from '../../../functions/destinations/request.js';
import { anEndpoint, aRun } from '../../support/memory-world.js';

const [fresh, old, foreign] = [1, 2, 3].map(() => newWebhookSecret(randomBytes)) as [string, string, string];

function delivered(secrets: readonly string[], attempt = 1) {
  const run = aRun({ payload: { format: 'text', body: '{"naïve": "☕", "n": 1.0}' } });
  const nonce = `att_${'0'.repeat(32)}`;
  const now = Date.now();
  return buildDeliveryRequest({ run, destination: anEndpoint(), attempt, nonce, secrets, version: '1', now });
}

const verify = (secret: string, { body, headers }: ReturnType<typeof delivered>) =>
  new Webhook(secret).verify(body, headers);

test('the library that receivers use takes a delivery', () => {
  expect(verify(fresh, delivered([fresh]))).toEqual({ naïve: '☕', n: 1 });
});

test('during a rotation it takes it with either secret', () => {
  const request = delivered([fresh, old]);
  expect(verify(fresh, request)).toEqual(verify(old, request));
  expect(() => verify(foreign, request)).toThrow('No matching signature found');
});

test('it refuses a body, an id or a time that is not what was signed', () => {
  const request = delivered([fresh]);
  const forged = [
    { ...request, body: Buffer.from('{}') },
    { ...request, headers: { ...request.headers, 'webhook-id': 'run_other' } },
    { ...request, headers: { ...request.headers, 'webhook-timestamp': String(Math.floor(Date.now() / 1000) - 1) } },
  ];
  for (const one of forged) expect(() => verify(fresh, one)).toThrow('No matching signature found');
});

/** Of the specification's reference implementations (the test of their Python, Go and JavaScript libraries). */
const vector = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  seconds: 1614265330,
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};

test('the published vector comes out of our code and of theirs', () => {
  const { secret, id, seconds, body, signature } = vector;
  expect(signWebhook([secret], id, seconds, Buffer.from(body))).toBe(signature);
  expect(new Webhook(secret).sign(id, new Date(seconds * 1000), body)).toBe(signature);
});
