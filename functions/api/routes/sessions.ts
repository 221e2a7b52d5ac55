import * as z from 'zod/mini';
import { isoTime } from '../../primitives/moments.js';
import { UnauthenticatedError } from '../http/problem.js';
import { route } from '../http/route.js';
import { equalSecrets, SESSION_MS, sealSession } from '../http/session.js';

export const routes = [
  route({
    method: 'POST',
    path: '/v1/sessions',
    access: 'public',
    needs: 'nothing',
    summary: 'Signs an operator in for twelve hours; send the token as Authorization: Bearer.',
    maxBodyBytes: 2 * 1024,
    body: z.strictObject({ operator_key: z.string().check(z.maxLength(1000)) }),
    async handle({ body, now }, { secrets }) {
      if (!equalSecrets(body.operator_key, await secrets.operatorKey()))
        throw new UnauthenticatedError('This is not the operator key.');
      const expiresAt = now + SESSION_MS;
      const token = sealSession(await secrets.master(), expiresAt);
      // Not 201: no object was stored.
      return { status: 200, body: { token, expires_at: isoTime(expiresAt) } };
    },
  }),
];
