import { createHash, createHmac } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createKeyring, decrypt } from '../../primitives/encryption.js';
import type { ApiPorts } from '../../runtime/api-ports.js';
import { requestIdOf } from './http-stack.js';
import { bodyBytes } from './json-body.js';
import { UnauthenticatedError } from './problem.js';
import type { Credential } from './route.js';
import { equalSecrets } from './session.js';

/** How far a request's clock may be off ours, in milliseconds. */
const WINDOW_MS = 300_000;
/** API Gateway hands the path on decoded: only one that needs no encoding is for certain the one that was signed. */
const PLAIN_PATH = /^[!-$&-~]+$/;

/** What a request's signature covers, all of it as sent. */
export interface SignedParts {
  /** Unix seconds. */
  readonly timestamp: string;
  readonly method: string;
  /** With its query. */
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
 * Who signed the request. A write's signature is recorded before any of its work, so it is taken once: who never heard
 * the answer signs anew, under the same Idempotency-Key.
 * @throws UnauthenticatedError for a signature that is not good, or no more
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

async function secretOf(
  key: { id: string; signing_secret: string },
  { secrets }: Pick<ApiPorts, 'secrets'>,
): Promise<string> {
  return decrypt(createKeyring(await secrets.master()), key.signing_secret, key.id);
}

function isFirst(
  project: string,
  signature: string,
  signedAt: number,
  event: APIGatewayProxyEventV2,
  { seenSignatures }: Pick<ApiPorts, 'seenSignatures'>,
): Promise<boolean> {
  // Kept for as long as its time is good.
  return seenSignatures.note({ project, signature, request: requestIdOf(event), until: signedAt + WINDOW_MS });
}
