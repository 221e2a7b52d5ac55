import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { isoTime } from '../../primitives/moments.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import { ALL_PROJECTS } from '../../subjects/projects/permissions.js';
import type { ApiKey } from '../../subjects/projects/project.js';
import { UnauthenticatedError } from './problem.js';
import type { Credential } from './route.js';
import { isSessionGood } from './session.js';
import { bySignature } from './signed-request.js';

/** A key's `last_used_at` lags by at most this many milliseconds, so that not every request costs a write. */
const LAST_USED_STEP_MS = 60_000;

/** Every kind of credential, by the header that carries it. */
const WAYS: Readonly<Record<string, (event: APIGatewayProxyEventV2, ports: ApiPorts) => Promise<Credential>>> = {
  'x-api-key': byApiKey,
  authorization: bySession,
  'x-key-id': bySignature,
};

/** The request's credential. @throws UnauthenticatedError unless exactly one good credential was sent */
export async function authenticate(event: APIGatewayProxyEventV2, ports: ApiPorts): Promise<Credential> {
  const sent = Object.keys(WAYS).filter((name) => event.headers[name] !== undefined);
  const [name] = sent;
  if (name === undefined) throw new UnauthenticatedError(WHAT_TO_SEND);
  if (sent.length > 1) throw new UnauthenticatedError(`Send one credential only, not both of ${sent.join(' and ')}.`);
  const credential = await WAYS[name]!(event, ports);
  if (credential.kind === 'key') assertNotExpired(credential.key, ports.clock.now());
  return credential;
}

const WHAT_TO_SEND =
  'Send X-API-Key, a signature (X-Key-ID, X-Timestamp, X-Signature), or Authorization: Bearer with a session.';

function assertNotExpired({ expires_at }: ApiKey, now: number): void {
  if (expires_at !== undefined && expires_at <= now)
    throw new UnauthenticatedError(`This API key has expired at ${isoTime(expires_at)}.`);
}

/** The only form in which a key is stored. */
export function hashOfKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

async function byApiKey(
  { headers }: APIGatewayProxyEventV2,
  ports: Pick<ApiPorts, 'configStore'>,
): Promise<Credential> {
  const value = headers['x-api-key']!;
  const found = /^sk_[0-9a-f]{64}$/.test(value) ? await ports.configStore.keyByHash(hashOfKey(value)) : undefined;
  if (found === undefined) throw new UnauthenticatedError('This API key does not exist, or was revoked.');
  return { kind: 'key', ...found, sent: value };
}

async function bySession(
  { headers }: APIGatewayProxyEventV2,
  ports: Pick<ApiPorts, 'clock' | 'secrets'>,
): Promise<Credential> {
  const token = /^Bearer +([\w.-]+) *$/i.exec(headers['authorization']!)?.[1];
  if (token === undefined || !isSessionGood(await ports.secrets.master(), token, ports.clock.now()))
    throw new UnauthenticatedError('This session does not exist, or has expired.');
  return { kind: 'person', session: 'operator', name: 'operator', roles: { [ALL_PROJECTS]: 'admin' } };
}

/** Notes that the key was used, and from where. Errors are ignored: the note must not fail a request. */
export async function noteUse(
  credential: Credential,
  from: string,
  ports: Pick<ApiPorts, 'clock' | 'configStore'>,
): Promise<void> {
  const now = ports.clock.now();
  if (credential.kind !== 'key' || now - (credential.key.last_used_at ?? 0) < LAST_USED_STEP_MS) return;
  await ports.configStore.noteKeyUse(credential.key.id, from, now, now - LAST_USED_STEP_MS).catch(() => {});
}
