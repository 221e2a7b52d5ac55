import { createHmac, randomBytes } from 'node:crypto';
import { isWebhookSecret, newWebhookSecret, signWebhook } from '../../../../functions/core/call/signature.js';

test('signs as the Standard Webhooks specification shows it', () => {
  // The example of the specification's reference libraries.
  const body = Buffer.from('{"test": 2432232314}');
  const signature = signWebhook(
    ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    1614265330,
    body,
  );
  expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

test('signs with every secret, newest first, over the very bytes', () => {
  const secrets = [newWebhookSecret(randomBytes), newWebhookSecret(randomBytes)];
  const body = Buffer.from([0xff, 0x00, 0x0a]);
  const expected = secrets.map((secret) => {
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    return `v1,${createHmac('sha256', key).update('run_1.7.').update(body).digest('base64')}`;
  });
  expect(signWebhook(secrets, 'run_1', 7, body)).toBe(expected.join(' '));
});

test('a new secret holds the random bytes, and is a secret', () => {
  const secret = newWebhookSecret((bytes) => Buffer.alloc(bytes, 1));
  expect(Buffer.from(secret.slice(6), 'base64')).toEqual(Buffer.alloc(32, 1));
  expect(isWebhookSecret(secret)).toBe(true);
});

test.each([
  [`whsec_${Buffer.alloc(24).toString('base64')}`, true],
  [`whsec_${Buffer.alloc(64).toString('base64')}`, true],
  [`whsec_${Buffer.alloc(23).toString('base64')}`, false],
  [`whsec_${Buffer.alloc(65).toString('base64')}`, false],
  [Buffer.alloc(32).toString('base64'), false],
  [`whsec_${'!'.repeat(44)}`, false],
  ['whsec_', false],
])('%s: %s', (secret, expected) => expect(isWebhookSecret(secret)).toBe(expected));
