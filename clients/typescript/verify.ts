/** A request with its body as it came; a parsed body that is printed again has other bytes. */
export interface ReceivedRequest {
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** What `express.raw` or a parser of Fastify put there; anything but text or bytes is refused. */
  readonly body?: unknown;
}

/** A `Request` of the Fetch standard: of Hono (`c.req.raw`), Next.js, Deno, Bun, workers. Its body is read. */
type FetchRequest = Pick<Request, 'headers' | 'arrayBuffer'>;

export interface VerifyOptions {
  /** How far `webhook-timestamp` may be from now, in seconds. 300 unless given. */
  readonly toleranceSeconds?: number;
  /** The moment that counts as now. */
  readonly now?: Date;
}

/** A call of Punctual whose signature is good. */
export interface VerifiedCall {
  /** `webhook-id`, the same for all attempts and replays of a task run: do nothing if you have done its work already. */
  readonly id: string;
  /** When the call was signed. */
  readonly signedAt: Date;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** The moment at which the call was due. */
  readonly scheduledFor: Date;
  /** Of a schedule's run, `sch_…`. */
  readonly scheduleId: string | undefined;
  /** Of an event. */
  readonly eventName: string | undefined;
  readonly eventKey: string | undefined;
  readonly body: string;
  /** The payload, parsed from the body. @throws SyntaxError if the body is no JSON */
  json<Payload = unknown>(): Payload;
}

export type SignatureFault = 'missing_header' | 'too_old' | 'too_new' | 'no_match';

/** The request is not what Punctual signed with one of the secrets: answer 401, and do nothing. */
export class SignatureError extends Error {
  override readonly name = 'SignatureError';
  constructor(
    readonly reason: SignatureFault,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Checks the signature of a call, by Standard Webhooks.
 * @param secrets the endpoint's `signing_secret`; several of them while a secret is replaced
 * @throws SignatureError
 */
export async function verify(
  request: FetchRequest | ReceivedRequest,
  secrets: string | readonly string[],
  { toleranceSeconds = 300, now = new Date() }: VerifyOptions = {},
): Promise<VerifiedCall> {
  const body = 'arrayBuffer' in request ? new Uint8Array(await request.arrayBuffer()) : rawBody(request.body);
  const header = headerReader(request.headers);
  const id = required('webhook-id', header);
  const timestamp = required('webhook-timestamp', header);
  const signatures = required('webhook-signature', header).split(' ');
  const signed = joined(bytesOf(`${id}.${timestamp}.`), body);
  const tried = await Promise.all([secrets].flat().map((secret) => isSignedBy(secret, signatures, signed)));
  if (!tried.includes(true))
    throw new SignatureError('no_match', 'The signature is of another secret, or of another body, id or timestamp.');
  assertRecent(Number(timestamp), now.getTime() / 1000, toleranceSeconds);
  const eventKey = header('punctual-event-key');
  const text = new TextDecoder().decode(body);
  return {
    id,
    signedAt: new Date(Number(timestamp) * 1000),
    attempt: Number(header('punctual-attempt')),
    scheduledFor: new Date(header('punctual-scheduled-for') ?? Number.NaN),
    scheduleId: header('punctual-schedule-id'),
    eventName: header('punctual-event-name'),
    eventKey: eventKey && decodeURIComponent(eventKey),
    body: text,
    json: () => JSON.parse(text),
  };
}

function rawBody(body: unknown): Uint8Array {
  if (typeof body === 'string' || body instanceof Uint8Array) return bytesOf(body);
  if (body === undefined) return bytesOf('');
  throw new TypeError(
    'The body is parsed already: take the raw one, a string or bytes. Parsed and printed again it has other bytes.',
  );
}

function assertRecent(timestamp: number, now: number, tolerance: number): void {
  const age = Math.round(now - timestamp);
  if (age > tolerance) throw new SignatureError('too_old', `The signature is good, but ${age} seconds old.`);
  if (!(age >= -tolerance))
    throw new SignatureError('too_new', `The signature is good, but ${-age} seconds ahead of now.`);
}

type HeaderReader = (name: string) => string | undefined;

function headerReader(headers: ReceivedRequest['headers']): HeaderReader {
  if (headers instanceof Headers) return (name) => headers.get(name) ?? undefined;
  const lowerCased = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return (name) => [lowerCased.get(name)].flat()[0];
}

function required(name: string, header: HeaderReader): string {
  const value = header(name);
  if (value === undefined) throw new SignatureError('missing_header', `The request has no header ${name}.`);
  return value;
}

/** Any of several signatures, which a call has while its secret is replaced. WebCrypto compares in constant time. */
async function isSignedBy(
  secret: string,
  signatures: readonly string[],
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', keyOf(secret), algorithm, false, ['verify']);
  const tried = signatures
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => crypto.subtle.verify('HMAC', key, fromBase64(signature.slice('v1,'.length)), signed));
  return (await Promise.all(tried)).includes(true);
}

const PREFIX = 'whsec_';

/** The base64 bytes of a secret of Standard Webhooks; the text's own bytes of any other secret. */
export function keyOf(secret: string): Uint8Array<ArrayBuffer> {
  if (!secret) throw new TypeError('A signing secret is missing: is its environment variable set?');
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '';
  const bytes = fromBase64(encoded);
  const isBase64 = bytes.length > 0 && btoa(String.fromCharCode(...bytes)) === encoded;
  return isBase64 ? bytes : bytesOf(secret);
}

/** Nothing of what is no base64, which then is equal to no signature. */
function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

const bytesOf = (content: string | Uint8Array): Uint8Array<ArrayBuffer> =>
  typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content);

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
