import { createHash, createHmac } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { ApiPorts } from '../../runtime/api-ports.js';
import { requestIdOf } from './http-stack.js';
import { bodyBytes } from './json-body.js';
import { UnauthenticatedError } from './problem.js';
import type { Credential } from './route.js';
import { equalSecrets } from './session.js';

/** Most milliseconds between the request's timestamp and our clock. */
const WINDOW_MS = 300_000;
/** API Gateway decodes the path, so only a path that needs no encoding is certainly the signed path. */
const PLAIN_PATH = /^[!-$&-~]+$/;

/** The parts of a request that its signature covers, as sent. */
export interface SignedParts {
  /** Unix seconds. */
  readonly timestamp: string;
  readonly method: string;
  /** Path with its query. */
  readonly path: string;
  readonly body: Buffer;
  readonly nonce?: string | undefined;
}

/** Lower-case hex HMAC-SHA256, keyed with the key's signing secret as it was shown. */
export function signatureOf(signingSecret: string, { timestamp, method, path, body, nonce }: SignedParts): string {
  const bodyHash = createHash('sha256').update(body).digest('hex');
  const lines = [timestamp, method, path, bodyHash, ...(nonce === undefined ? [] : [nonce])];
  return createHmac('sha256', signingSecret).update(lines.join('\n')).digest('hex');
}

/**
 * The credential of a signed request. A write's signature is recorded before the work, so it is accepted once. A client
 * that got no answer signs again, under the same Idempotency-Key.
 * @throws UnauthenticatedError for a signature that is wrong, too old or used before
 */
export async function bySignature(
  event: APIGatewayProxyEventV2,
  ports: Pick<ApiPorts, 'clock' | 'configStore' | 'secrets' | 'seenSignatures'>,
): Promise<Credential> {
  const { headers } = event;
  const {
    'x-key-id': id = '',
    'x-timestamp': timestamp = '',
    'x-signature': signature = '',
    'x-nonce': nonce,
  } = headers;
  const signedAt = signedTime(timestamp, ports.clock.now());
  if (!PLAIN_PATH.test(event.rawPath))
    throw new UnauthenticatedError('The path of a signed request must not need percent-encoding.');
  const found = await ports.configStore.keyById(id);
  const { method } = event.requestContext.http;
  const parts = { timestamp, method, path: pathOf(event), body: bodyBytes(event), nonce };
  if (found === undefined || !equalSecrets(signature, signatureOf(await secretOf(found.key, ports), parts)))
    throw new UnauthenticatedError('This key does not exist or was revoked, or the signature is not its own.');
  const isWrite = method !== 'GET' && method !== 'HEAD';
  if (isWrite && !(await isFirst(found.key.project_id, signature, signedAt, event, ports)))
    throw new UnauthenticatedError('This signature was used before; sign anew, with another time or X-Nonce.');
  return { kind: 'key', ...found };
}

function signedTime(timestamp: string, now: number): number {
  const at = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) * 1000 : Number.NaN;
  if (Math.abs(now - at) <= WINDOW_MS) return at;
  throw new UnauthenticatedError('X-Timestamp must be the time in Unix seconds, at most 300 s off ours.');
}

function pathOf({ rawPath, rawQueryString }: APIGatewayProxyEventV2): string {
  return rawQueryString === '' ? rawPath : `${rawPath}?${rawQueryString}`;
}

function secretOf(
  key: { id: string; signing_secret: string },
  { secrets }: Pick<ApiPorts, 'secrets'>,
): Promise<string> {
  return secrets.decrypt(key.signing_secret, key.id);
}

function isFirst(
  project: string,
  signature: string,
  signedAt: number,
  event: APIGatewayProxyEventV2,
  { seenSignatures }: Pick<ApiPorts, 'seenSignatures'>,
): Promise<boolean> {
  // The signature is stored as long as its timestamp is good.
  return seenSignatures.note({ project, signature, request: requestIdOf(event), until: signedAt + WINDOW_MS });
}
