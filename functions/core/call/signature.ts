import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';
/** Standard Webhooks asks for 24 to 64 bytes; 32 is the strength of SHA-256. */
const NEW_SECRET_BYTES = 32;
const SECRET_BYTES = { min: 24, max: 64 };

/** The `webhook-signature` of Standard Webhooks: one "v1,<base64>" per secret, so that both are good during a rotation. */
export function signWebhook(secrets: string[], id: string, timestampSeconds: number, body: Buffer): string {
  const signed = Buffer.concat([Buffer.from(`${id}.${timestampSeconds}.`), body]);
  return secrets.map((secret) => `v1,${hmac(secret, signed)}`).join(' ');
}

function hmac(secret: string, signed: Buffer): string {
  return createHmac('sha256', secretBytes(secret)).update(signed).digest('base64');
}

function secretBytes(secret: string): Buffer {
  return Buffer.from(secret.slice(PREFIX.length), 'base64');
}

/** A fresh signing secret, `whsec_<base64>`; `random` returns so many unpredictable bytes. */
export function newWebhookSecret(random: (bytes: number) => Buffer): string {
  return PREFIX + random(NEW_SECRET_BYTES).toString('base64');
}

/** Whether a secret that a user brings is `whsec_` and the padded base64 of 24 to 64 bytes. */
export function isWebhookSecret(secret: string): boolean {
  const bytes = secretBytes(secret);
  const roundTrips = secret === PREFIX + bytes.toString('base64');
  return roundTrips && bytes.length >= SECRET_BYTES.min && bytes.length <= SECRET_BYTES.max;
}
