import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type Fault, InvalidRequestError } from '../../core/faults.js';
import { BodyTooLargeError, UnsupportedMediaTypeError } from '../../runtime/http-faults.js';
import { jsonFaultOffset } from './json-fault-offset.js';
import { jsonFaults, TOO_DEEP } from './json-faults.js';

/** Lambda takes 6 MB per request; base64 and the event around it need the rest. */
const MAX_BODY_BYTES = 5 * 1024 * 1024;

export interface JsonBody {
  /** `{}` for an empty body, so that what is missing is told field by field. */
  readonly value: unknown;
  /** What no JSON body may hold, wherever it stands. */
  readonly faults: readonly Fault[];
}

type BodyEvent = Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded' | 'headers'>;

/** The request's body as it was sent. @throws BodyTooLargeError beyond 5 MB */
export function bodyBytes({ body = '', isBase64Encoded }: BodyEvent): Buffer {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length <= MAX_BODY_BYTES) return bytes;
  throw new BodyTooLargeError(`The body has ${bytes.length} bytes; at most ${MAX_BODY_BYTES} are taken.`);
}

/**
 * Reads a request's JSON body.
 * @throws UnsupportedMediaTypeError for a body that does not call itself JSON in UTF-8
 * @throws InvalidRequestError for bytes that are not UTF-8, or not JSON, or nested too deep to be looked at further
 */
export function readJsonBody(event: BodyEvent): JsonBody {
  const bytes = bodyBytes(event);
  if (bytes.length === 0) return { value: {}, faults: [] };
  assertJsonType(event.headers['content-type'] ?? '', event.headers['content-encoding']);
  assertUnaltered(event, bytes);
  const value = parse(decode(bytes));
  const faults = jsonFaults(value);
  // JSON.stringify and the schemas would overflow the stack.
  if (faults.some(({ message }) => message === TOO_DEEP)) throw new InvalidRequestError(faults);
  return { value, faults };
}

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json$/i;

function assertJsonType(contentType: string, contentEncoding = 'identity'): void {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  if (!JSON_TYPE.test(type)) throw new UnsupportedMediaTypeError('Send JSON, with Content-Type: application/json.');
  const charset = parameters.find((parameter) => /^charset=/i.test(parameter));
  if (charset && !/^charset="?utf-?8"?$/i.test(charset)) throw new UnsupportedMediaTypeError('Send JSON in UTF-8.');
  if (contentEncoding.toLowerCase() !== 'identity')
    throw new UnsupportedMediaTypeError('Send the body without Content-Encoding.');
}

/** API Gateway hands text on with every byte that is not UTF-8 replaced by U+FFFD: then the length is another one. */
function assertUnaltered({ isBase64Encoded, headers }: BodyEvent, bytes: Buffer): void {
  const sent = headers['content-length'];
  if (!isBase64Encoded && sent !== undefined && Number(sent) !== bytes.length) throw notUtf8();
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notUtf8();
  }
}

function notUtf8(): InvalidRequestError {
  return new InvalidRequestError([{ pointer: '', message: 'Send UTF-8: the body has bytes that are not.' }]);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not V8's own message: it quotes the body.
    const message = `Send JSON: the body is not JSON from position ${jsonFaultOffset(text)} on.`;
    throw new InvalidRequestError([{ pointer: '', message }]);
  }
}
