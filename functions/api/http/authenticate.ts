import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { isoTime } from '../../primitives/moments.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import type { ApiKey } from '../../subjects/projects/project.js';
import type { Session } from '../../subjects/sessions/session.js';
import { bySettings, signedBy } from './account-caller.js';
import { cookieOf, isFromOwnPage } from './cookies.js';
import { ForbiddenError, UnauthenticatedError } from './problem.js';
import type { Credential } from './route.js';
import { hashOf, sessionOf } from './session.js';
import { bySignature } from './signed-request.js';

/** The `last_used_at` of a key or session lags by at most this many milliseconds, so that not every request costs a write. */
const LAST_USED_STEP_MS = 60_000;

/** Every kind of credential, by the header that carries it. */
const WAYS: Readonly<Record<string, (event: APIGatewayProxyEventV2, ports: ApiPorts) => Promise<Credential>>> = {
  'x-api-key': byApiKey,
  authorization: byToken,
  'x-key-id': bySignature,
};

/** The request's credential. @throws UnauthenticatedError unless exactly one good credential was sent */
export async function authenticate(event: APIGatewayProxyEventV2, ports: ApiPorts): Promise<Credential> {
  const arn = signedBy(event);
  // The header `authorization` of a request that IAM has let in is its SigV4 signature.
  const sent = Object.keys(WAYS).filter(
    (name) => event.headers[name] !== undefined && (arn === undefined || name !== 'authorization'),
  );
  if (arn !== undefined && sent.length === 0) return bySettings(arn, ports);
  if (arn !== undefined)
    throw new UnauthenticatedError(`Send one credential only: not ${sent[0]} with a signature of IAM.`);
  const [name] = sent;
  if (name === undefined) return byCookie(event, ports);
  if (sent.length > 1) throw new UnauthenticatedError(`Send one credential only, not both of ${sent.join(' and ')}.`);
  const credential = await WAYS[name]!(event, ports);
  if (credential.kind === 'key') assertNotExpired(credential.key, ports.clock.now());
  return credential;
}

const WHAT_TO_SEND =
  'Send X-API-Key, a signature (X-Key-ID, X-Timestamp, X-Signature), or Authorization: Bearer with a session.';

/** @throws UnauthenticatedError */
export function assertNotExpired({ expires_at }: ApiKey, now: number): void {
  if (expires_at !== undefined && expires_at <= now)
    throw new UnauthenticatedError(`This API key has expired at ${isoTime(expires_at)}.`);
}

async function byApiKey(
  { headers }: APIGatewayProxyEventV2,
  ports: Pick<ApiPorts, 'configStore'>,
): Promise<Credential> {
  const value = headers['x-api-key']!;
  const found = /^sk_[0-9a-f]{64}$/.test(value) ? await ports.configStore.keyByHash(hashOf(value)) : undefined;
  if (found === undefined) throw new UnauthenticatedError('This API key does not exist, or was revoked.');
  return { kind: 'key', ...found, sent: value };
}

async function byToken({ headers }: APIGatewayProxyEventV2, ports: ApiPorts): Promise<Credential> {
  const token = /^Bearer +([\w.-]+) *$/i.exec(headers['authorization']!)?.[1];
  return personOf(token === undefined ? undefined : await sessionOf(token, ports));
}

/**
 * A browser adds its cookie to every request to this host, whichever page makes the request. SameSite=Strict keeps the
 * cookie from requests of other sites; a request that changes something must come from a page of this very origin, too.
 */
async function byCookie(event: APIGatewayProxyEventV2, ports: ApiPorts): Promise<Credential> {
  const token = cookieOf(event, 'session', ports.settings);
  if (token === undefined) throw new UnauthenticatedError(WHAT_TO_SEND);
  const isRead = ['GET', 'HEAD'].includes(event.requestContext.http.method);
  if (!isRead && !isFromOwnPage(event))
    throw new ForbiddenError("Under a browser's cookie changes come from the console's own pages alone.");
  return personOf(await sessionOf(token, ports));
}

function personOf(session: Session | undefined): Credential {
  if (session === undefined) throw new UnauthenticatedError('This session does not exist, or has ended.');
  const { id, name, roles, scopes, last_used_at } = session;
  return { kind: 'person', session: id, name, roles, scopes, last_used_at };
}

/** Notes when and from where the key or the session was used. Errors are ignored: the note must not fail a request. */
export async function noteUse(
  credential: Credential,
  from: string,
  { clock, configStore, sessions }: Pick<ApiPorts, 'clock' | 'configStore' | 'sessions'>,
): Promise<void> {
  if (credential.kind === 'none' || credential.kind === 'account') return;
  const now = clock.now();
  const since = now - LAST_USED_STEP_MS;
  const { last_used_at = 0 } = credential.kind === 'key' ? credential.key : credential;
  if (last_used_at > since) return;
  const noted =
    credential.kind === 'key'
      ? configStore.noteKeyUse(credential.key.id, from, now, since)
      : sessions.noteUse(credential.session, from, now, since);
  await noted.catch(() => {});
}
