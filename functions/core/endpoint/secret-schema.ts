import * as z from 'zod/mini';

const MOST = 256;
const FORM = `Send 1 to ${MOST} characters, none of them a control character; whsec_ and base64 is the form of Standard Webhooks.`;

/** A secret that the user brings: any text that can be pasted. */
export const signingSecret = z.string().check(
  z.minLength(1, FORM),
  z.maxLength(MOST, FORM),
  z.refine((secret) => !/\p{Cc}/u.test(secret), FORM),
);
