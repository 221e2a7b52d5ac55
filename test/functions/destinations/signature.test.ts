import { createHmac, randomBytes } from 'node:crypto';
import { newWebhookSecret, signWebhook } from '../../../functions/destinations/request.js';

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
});

const inBase64 = (bytes: Buffer) => `whsec_${bytes.toString('base64')}`;

test.each([
  ['24 bytes in base64', inBase64(Buffer.alloc(24, 9)), Buffer.alloc(24, 9)],
  ['few bytes in base64', inBase64(Buffer.from('abc')), Buffer.from('abc')],
  ['any text', 'correct horse battery staple', Buffer.from('correct horse battery staple')],
  ['text beyond ASCII', 'Schlüssel 🗝', Buffer.from('Schlüssel 🗝')],
  [
    'base64 without the prefix',
    Buffer.alloc(32, 9).toString('base64'),
    Buffer.from(Buffer.alloc(32, 9).toString('base64')),
  ],
  ['the prefix before what is no base64', 'whsec_my-own', Buffer.from('whsec_my-own')],
  ['base64 without its padding', 'whsec_YQ', Buffer.from('whsec_YQ')],
])('signs with the bytes of the secret: %s', (_name, secret, key) => {
  const expected = createHmac('sha256', key).update('run_1.7.{}').digest('base64');
  expect(signWebhook([secret], 'run_1', 7, Buffer.from('{}'))).toBe(`v1,${expected}`);
});
