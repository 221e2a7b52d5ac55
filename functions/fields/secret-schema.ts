import * as z from 'zod/mini';

const MOST = 256;
const FORM = `Send 1 to ${MOST} characters, none of them a control character; whsec_ and base64 is the form of Standard Webhooks.`;

/** A secret that the user brings: any text that can be pasted. */
export const signingSecret = z.string().check(
  z.minLength(1, FORM),
  z.maxLength(MOST, FORM),
  z.refine((secret) => !/\p{Cc}/u.test(secret), FORM),
);

const DAY_SECONDS = 24 * 60 * 60;

/**
 * How long the secret before still signs, in seconds: long enough for every receiver to learn the new one. It is made here
 * unless it is given.
 */
export const rotationSchema = z.strictObject({
  signing_secret: z.optional(signingSecret),
  grace_seconds: z._default(z.int().check(z.gte(0), z.lte(30 * DAY_SECONDS)), DAY_SECONDS),
});
