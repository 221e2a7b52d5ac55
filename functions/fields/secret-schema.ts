import * as z from 'zod/mini';

const MOST = 256;
const FORM = `Send 1 to ${MOST} characters, none of them a control character; whsec_ and base64 is the form of Standard Webhooks.`;

/** A secret that the user chooses: any text without control characters. */
export const signingSecret = z.string().check(
  z.minLength(1, FORM),
  z.maxLength(MOST, FORM),
  z.refine((secret) => !/\p{Cc}/u.test(secret), FORM),
);

const DAY_SECONDS = 24 * 60 * 60;

/**
 * A rotation. `grace_seconds`: how long the replaced secret still signs, so that every receiver can learn the new one.
 * Without `signing_secret` a new secret is generated.
 */
export const rotationSchema = z.strictObject({
  signing_secret: z.optional(signingSecret),
  grace_seconds: z._default(z.int().check(z.gte(0), z.lte(30 * DAY_SECONDS)), DAY_SECONDS),
});
