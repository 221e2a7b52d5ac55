import { type Format, hexHmac } from './format.js';

/** A job notification has one more signature for its receivers, made with the newest secret alone. */
export const notification: Format = {
  headers: ({ id, body, secrets }) => ({
    'x-cronflow-signature': hexHmac(secrets[0] ?? '', body),
    'x-cronflow-idempotency-key': id,
  }),
};
