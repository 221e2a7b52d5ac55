import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';
/** The strength of SHA-256. */
const NEW_SECRET_BYTES = 32;

/** The `webhook-signature` of Standard Webhooks: one "v1,<base64>" per secret, so that both are good during a rotation. */
export function signWebhook(secrets: string[], id: string, timestampSeconds: number, body: Buffer): string {
  const signed = Buffer.concat([Buffer.from(`${id}.${timestampSeconds}.`), body]);
  return secrets.map((secret) => `v1,${hmac(secret, signed)}`).join(' ');
}

function hmac(secret: string, signed: Buffer): string {
  return createHmac('sha256', secretBytes(secret)).update(signed).digest('base64');
}

/** The bytes that a secret of Standard Webhooks names in base64; of any other text, its own bytes. */
function secretBytes(secret: string): Buffer {
  const bytes = Buffer.from(secret.slice(PREFIX.length), 'base64');
  return secret === PREFIX + bytes.toString('base64') ? bytes : Buffer.from(secret);
}

/** A fresh signing secret, `whsec_<base64>`; `random` returns so many unpredictable bytes. */
export function newWebhookSecret(random: (bytes: number) => Buffer): string {
  return PREFIX + random(NEW_SECRET_BYTES).toString('base64');
}
